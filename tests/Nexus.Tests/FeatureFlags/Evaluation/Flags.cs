using System.Text.Json;
using Nexus.Flags;
using Nexus.Flags.Compiling;
using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Short ways to flags and what they come to.</summary>
internal static class Flags
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_000 });
        return document.RootElement.Clone();
    }

    public static EvaluationContext Context(string json) => EvaluationContext.Read(Json(json), Now).ShouldNotBeNull();

    public static FlagReading Read(string definition, EvaluatorSet? evaluators = null) =>
        FlagDefinition.Parse("flag", Json(definition), evaluators ?? EvaluatorSet.Empty);

    /// <summary>A flag of the variants <c>a</c> and <c>b</c>, of which <c>a</c> is the default.</summary>
    public static FlagReading Targeting(string targeting, EvaluatorSet? evaluators = null) =>
        Read($$"""{"state":"ENABLED","variants":{"a":"A","b":"B"},"defaultVariant":"a","targeting":{{targeting}}}""", evaluators);

    public static FlagDefinition Flag(string targeting, EvaluatorSet? evaluators = null)
    {
        var reading = Targeting(targeting, evaluators);
        reading.IsSound.ShouldBeTrue(string.Join('\n', reading.Faults));
        return reading.Definition!;
    }

    public static EvaluatorSet Evaluators(string json, EvaluatorSet? below = null)
    {
        var (evaluators, faults) = EvaluatorSet.Read(Json(json), below ?? EvaluatorSet.Empty);
        return evaluators.ShouldNotBeNull(string.Join('\n', faults));
    }

    /// <summary>The text of what an operation comes to, null for null, and <c>error</c> or <c>fault</c> where it has no outcome.</summary>
    public static string? Outcome(string targeting, string context)
    {
        var source = new TargetingSource(EvaluatorSet.Empty);
        var logic = source.Read(Json(targeting), "");
        source.Faults.ShouldBeEmpty();
        Node node;
        try
        {
            node = new Compiler(new Tracer(source, isOn: false)).Compile(logic);
        }
        catch (LogicException)
        {
            return "fault";
        }

        var data = Context(context);
        var run = new Run("flag", data.Timestamp, null);
        try
        {
            var frame = new Frame(ref run, data.Root, Above.Nothing);
            var outcome = node.Evaluate(ref frame);
            return outcome.IsNullish ? null : Js.ToText(outcome, ref run);
        }
        catch (LogicException)
        {
            return "error";
        }
    }
}
