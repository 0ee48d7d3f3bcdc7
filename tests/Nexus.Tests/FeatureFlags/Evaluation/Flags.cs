using System.Text.Json;
using Nexus.Flags;
using Nexus.Flags.Targeting;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Short ways to flags and their results.</summary>
internal static class Flags
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_000 });
        return document.RootElement.Clone();
    }

    public static EvaluationContext Context(string json) => EvaluationContext.FromJson(Json(json), Now).ShouldNotBeNull();

    public static FlagReading Read(string definition, EvaluatorSet? evaluators = null) =>
        FlagDefinition.Parse("flag", Json(definition), evaluators ?? EvaluatorSet.Empty);

    /// <summary>A flag with the variants <c>a</c> and <c>b</c>, of which <c>a</c> is the default.</summary>
    public static FlagReading Targeting(string targeting, EvaluatorSet? evaluators = null) =>
        Read($$"""{"state":"ENABLED","variants":{"a":"A","b":"B"},"defaultVariant":"a","targeting":{{targeting}}}""", evaluators);

    public static FlagDefinition Flag(string targeting, EvaluatorSet? evaluators = null) => Valid(Targeting(targeting, evaluators));

    public static FlagDefinition Valid(FlagReading reading)
    {
        reading.IsValid.ShouldBeTrue(string.Join('\n', reading.Faults));
        return reading.Definition!;
    }

    public static EvaluatorSet Evaluators(string json, EvaluatorSet? below = null)
    {
        var (evaluators, faults) = EvaluatorSet.Parse(Json(json), below ?? EvaluatorSet.Empty);
        return evaluators.ShouldNotBeNull(string.Join('\n', faults));
    }

    /// <summary>What an operation gives: a text as it is, anything else as JSON, null for null.</summary>
    public static string? Outcome(string targeting, string context)
    {
        var parser = new TargetingParser(EvaluatorSet.Empty);
        var node = parser.Parse(Json(targeting), "");
        parser.Faults.ShouldBeEmpty();
        var data = Context(context);
        var evaluation = new Nexus.Flags.Targeting.Evaluation("flag", data, null, FlagLimits.MaxSteps);
        var outcome = node!.Evaluate(data.Root, ref evaluation);
        return outcome.Kind switch
        {
            ValueKind.Null => null,
            ValueKind.Text => outcome.Text,
            _ => ValueText.Format(outcome),
        };
    }
}
