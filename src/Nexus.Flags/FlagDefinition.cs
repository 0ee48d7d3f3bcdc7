using System.Text.Json;
using Nexus.Flags.Targeting;
using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags;

/// <summary>A flag as flagd defines it, checked, with its targeting compiled. Immutable.</summary>
public sealed class FlagDefinition
{
    private readonly Dictionary<string, JsonElement> _variants;
    private readonly Node? _targeting;
    private readonly Lazy<Node?> _traced;

    internal FlagDefinition(string key, Dictionary<string, JsonElement> variants, Node? targeting, Func<Node?> trace)
    {
        (Key, _variants, _targeting) = (key, variants, targeting);
        _traced = new Lazy<Node?>(trace, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The flag's key.</summary>
    public string Key { get; }

    /// <summary>Whether the state is <c>ENABLED</c>.</summary>
    public bool IsEnabled { get; internal init; }

    /// <summary>The variant that holds if targeting gives none; null leaves that to the caller.</summary>
    public string? DefaultVariant { get; internal init; }

    /// <summary>The values by name, all of one type.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variants => _variants;

    /// <summary>An object of strings, numbers and booleans for callers, if there is one.</summary>
    public JsonElement? Metadata { get; internal init; }

    /// <summary>What a flag of tenant-0 concerns; null if it does not say.</summary>
    public IReadOnlyList<string>? AppliesTo { get; internal init; }

    /// <summary>
    /// Reads a definition: <c>state</c>, <c>variants</c>, <c>defaultVariant</c>, <c>targeting</c> and <c>metadata</c> as in flagd, and
    /// Nexus's own <c>applies_to</c>. All faults are reported at once; a member of another name is one.
    /// </summary>
    /// <param name="key">The flag's key, which buckets depend on.</param>
    /// <param name="element">The JSON.</param>
    /// <param name="evaluators">What <c>$ref</c> may name.</param>
    public static FlagReading Parse(string key, JsonElement element, EvaluatorSet evaluators) =>
        FlagDefinitionParser.Parse(key, element, evaluators);

    /// <summary>Evaluates the flag for a context.</summary>
    public EvaluationResult Evaluate(EvaluationContext context)
    {
        var steps = FlagLimits.MaxSteps;
        return Evaluate(context, ref steps);
    }

    /// <summary>Evaluates one of several flags that share a number of steps, and takes off the steps it needed.</summary>
    public EvaluationResult Evaluate(EvaluationContext context, ref int steps) => Evaluate(_targeting, context, trace: null, ref steps);

    /// <summary>Evaluates the flag and says how the result came about.</summary>
    public Explanation Explain(EvaluationContext context)
    {
        var trace = new Trace();
        trace.Add("/state", "state", IsEnabled ? "ENABLED" : "DISABLED");
        var steps = FlagLimits.MaxSteps;
        var result = Evaluate(_traced.Value, context, trace, ref steps);
        if (result.Variant is not null && result.Reason != EvaluationReasons.TargetingMatch)
        {
            trace.Add("/defaultVariant", "defaultVariant", ValueText.Format(Value.From(result.Variant)));
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
            return Resolve(DefaultVariant, EvaluationReasons.Static, dependsOnTime: false);
        }

        var granted = Math.Min(steps, FlagLimits.MaxSteps);
        var evaluation = new Evaluation(Key, context, trace, granted);
        try
        {
            var outcome = targeting.Evaluate(context.Root, ref evaluation);
            var dependsOnTime = evaluation.HasReadTime;
            return outcome.Kind switch
            {
                ValueKind.Null => Resolve(DefaultVariant, EvaluationReasons.Default, dependsOnTime),
                ValueKind.Text => Resolve(outcome.Text, EvaluationReasons.TargetingMatch, dependsOnTime),
                ValueKind.Boolean => Resolve(outcome.Number != 0 ? "true" : "false", EvaluationReasons.TargetingMatch, dependsOnTime),
                _ => Fail($"Targeting of flag '{Key}' gave {ValueText.Format(outcome)}, which is not the name of a variant", dependsOnTime),
            };
        }
        catch (StepLimitException e)
        {
            trace?.Add("/targeting", "targeting", "error: " + e.Message);
            return Fail($"Targeting of flag '{Key}' {e.Message}", evaluation.HasReadTime);
        }
        finally
        {
            steps -= granted - evaluation.StepsLeft;
        }
    }

    private EvaluationResult Resolve(string? variant, string reason, bool dependsOnTime)
    {
        if (variant is null)
        {
            return new EvaluationResult(Key, EvaluationReasons.Default) { Metadata = Metadata, DependsOnTime = dependsOnTime };
        }

        return _variants.TryGetValue(variant, out var value)
            ? new EvaluationResult(Key, reason) { Value = value, Variant = variant, Metadata = Metadata, DependsOnTime = dependsOnTime }
            : Fail($"Flag '{Key}' has no variant {ValueText.Format(Value.From(variant))}", dependsOnTime);
    }

    private EvaluationResult Fail(string details, bool dependsOnTime) => new(Key, EvaluationReasons.Error)
    {
        ErrorCode = EvaluationErrors.General,
        ErrorDetails = details,
        Metadata = Metadata,
        DependsOnTime = dependsOnTime,
    };
}
