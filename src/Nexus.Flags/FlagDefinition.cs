using System.Text.Json;
using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags;

/// <summary>
/// A flag in flagd's shape, checked, its targeting compiled. Immutable. Evaluating it gives the variant, reason and error code
/// that the npm package <c>@openfeature/flagd-core</c> gives.
/// </summary>
internal sealed partial class FlagDefinition
{
    private readonly Dictionary<string, JsonElement> _variants;
    private readonly Node? _targeting;
    private readonly Lazy<Node?> _traced;

    private FlagDefinition(string key, Dictionary<string, JsonElement> variants, Node? targeting, Func<Node?> trace)
    {
        (Key, _variants, _targeting) = (key, variants, targeting);
        _traced = new Lazy<Node?>(trace, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>Its key.</summary>
    public string Key { get; }

    /// <summary>Whether it is <c>ENABLED</c>.</summary>
    public bool IsEnabled { get; private init; }

    /// <summary>The variant where targeting gives none; null leaves that to the caller.</summary>
    public string? DefaultVariant { get; private init; }

    /// <summary>The values by their names, all of one type.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variants => _variants;

    /// <summary>An object of primitives for callers, if it has one.</summary>
    public JsonElement? Metadata { get; private init; }

    /// <summary>What a flag of tenant-0 concerns; null where it does not say.</summary>
    public IReadOnlyList<string>? AppliesTo { get; private init; }

    /// <summary>What the flag is for a context.</summary>
    public EvaluationResult Evaluate(EvaluationContext context)
    {
        var steps = FlagLimits.Steps;
        return Evaluate(context, ref steps);
    }

    /// <summary>The same as one of several flags, which share what they may take.</summary>
    /// <param name="context">For whom.</param>
    /// <param name="steps">How many steps are left to them; what this flag takes is taken off.</param>
    public EvaluationResult Evaluate(EvaluationContext context, ref int steps) => Evaluate(_targeting, context, trace: null, ref steps);

    /// <summary>The same with the steps that led there.</summary>
    public Explanation Explain(EvaluationContext context)
    {
        var trace = new Trace();
        trace.Note("/state", "state", IsEnabled ? "ENABLED" : "DISABLED");
        var steps = FlagLimits.Steps;
        var result = Evaluate(_traced.Value, context, trace, ref steps);
        if (result.Variant is not null && result.Reason != EvaluationReasons.TargetingMatch)
        {
            trace.Note("/defaultVariant", "defaultVariant", ValueText.Of(Value.Of(result.Variant)));
        }

        return new Explanation(result, trace.Steps);
    }

    private EvaluationResult Evaluate(Node? targeting, EvaluationContext context, Trace? trace, ref int steps)
    {
        if (!IsEnabled)
        {
            return new EvaluationResult(Key, EvaluationReasons.Disabled) { Metadata = Metadata };
        }

        if (targeting is null)
        {
            return Resolved(DefaultVariant, EvaluationReasons.Static, dependsOnTime: false);
        }

        var most = Math.Min(steps, FlagLimits.Steps);
        var run = new Run(Key, context.Timestamp, trace, most);
        try
        {
            var frame = new Frame(ref run, context.Root, Above.Nothing);
            var outcome = targeting.Evaluate(ref frame);
            return outcome.IsNullish
                ? Resolved(DefaultVariant, EvaluationReasons.Default, run.HasReadTime)
                : Resolved(Js.ToText(outcome, ref run), EvaluationReasons.TargetingMatch, run.HasReadTime);
        }
        catch (LogicException e)
        {
            trace?.Note(e.Path ?? "/targeting", e.Operator ?? "targeting", "error: " + e.Message);
            return Failed($"Error evaluating targeting rule for flag '{Key}'", run.HasReadTime);
        }
        finally
        {
            steps -= most - run.Left;
        }
    }

    private EvaluationResult Resolved(string? variant, string reason, bool dependsOnTime)
    {
        if (variant is null)
        {
            return new EvaluationResult(Key, EvaluationReasons.Default) { Metadata = Metadata, DependsOnTime = dependsOnTime };
        }

        return _variants.TryGetValue(variant, out var value)
            ? new EvaluationResult(Key, reason) { Value = value, Variant = variant, Metadata = Metadata, DependsOnTime = dependsOnTime }
            : Failed($"Variant '{Shortened(variant)}' not found in flag with key '{Key}'", dependsOnTime);
    }

    private EvaluationResult Failed(string details, bool dependsOnTime) => new(Key, EvaluationReasons.Error)
    {
        ErrorCode = EvaluationErrors.General,
        ErrorDetails = details,
        Metadata = Metadata,
        DependsOnTime = dependsOnTime,
    };

    // A variant's name that came of a context is as long as the caller likes.
    private static string Shortened(string variant) => variant.Length <= FlagLimits.NameLength ? variant : variant[..FlagLimits.NameLength] + "…";
}
