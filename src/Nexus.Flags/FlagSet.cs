using System.Collections.Frozen;

namespace Nexus.Flags;

/// <summary>
/// All flags of a tenant and env at one version of the configuration, layers put together. Immutable: it is built once per version and
/// shared by all requests.
/// </summary>
public sealed class FlagSet
{
    private readonly FrozenDictionary<string, FlagEntry> _byKey;

    private FlagSet(FlagEntry[] entries)
    {
        Entries = entries;
        _byKey = entries.ToFrozenDictionary(entry => entry.Key, StringComparer.Ordinal);
    }

    /// <summary>A set without flags.</summary>
    public static FlagSet Empty { get; } = new([]);

    /// <summary>The flags in the order of their keys.</summary>
    public IReadOnlyList<FlagEntry> Entries { get; }

    /// <summary>Creates a set. If several flags have the same key, the highest layer wins.</summary>
    public static FlagSet Create(IEnumerable<FlagEntry> entries) =>
        new([.. entries
            .GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(layers => layers.MaxBy(entry => entry.Origin.Layer)!)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)]);

    /// <summary>The flag with a key, or null.</summary>
    public FlagEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Evaluates a flag; an unknown key gives <c>FLAG_NOT_FOUND</c>.</summary>
    public EvaluationResult Evaluate(string key, EvaluationContext context) =>
        Find(key) is { } entry ? Evaluate(entry, context) : NotFound(key);

    /// <summary>Evaluates a flag of this set.</summary>
    public static EvaluationResult Evaluate(FlagEntry entry, EvaluationContext context)
    {
        var steps = FlagLimits.MaxSteps;
        return Evaluate(entry, context, ref steps);
    }

    /// <summary>Evaluates one of several flags that share a number of steps, and takes off the steps it needed.</summary>
    public static EvaluationResult Evaluate(FlagEntry entry, EvaluationContext context, ref int steps) =>
        entry.Definition is { } definition ? definition.Evaluate(context, ref steps) with { Origin = entry.Origin } : Unreadable(entry);

    /// <summary>Evaluates a flag and says how the result came about.</summary>
    public Explanation Explain(string key, EvaluationContext context)
    {
        if (Find(key) is not { } entry)
        {
            return new Explanation(NotFound(key), []);
        }

        if (entry.Definition is not { } definition)
        {
            return new Explanation(Unreadable(entry), []);
        }

        var explanation = definition.Explain(context);
        return explanation with { Result = explanation.Result with { Origin = entry.Origin } };
    }

    private static EvaluationResult NotFound(string key) => new(key, EvaluationReasons.Error)
    {
        ErrorCode = EvaluationErrors.FlagNotFound,
        ErrorDetails = $"flag '{key}' not found",
    };

    private static EvaluationResult Unreadable(FlagEntry entry) => new(entry.Key, EvaluationReasons.Error)
    {
        ErrorCode = EvaluationErrors.ParseError,
        ErrorDetails = $"Invalid targeting configuration for flag '{entry.Key}'",
        Origin = entry.Origin,
    };
}
