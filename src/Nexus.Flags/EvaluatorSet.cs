using System.Globalization;
using System.Text.Json;
using Nexus.Flags.Compiling;

namespace Nexus.Flags;

/// <summary>The shared parts of targetings that <c>$ref</c> names: flagd's <c>$evaluators</c>. Immutable.</summary>
internal sealed class EvaluatorSet
{
    private readonly Dictionary<string, JsonElement> _evaluators;

    private EvaluatorSet(Dictionary<string, JsonElement> evaluators) => _evaluators = evaluators;

    /// <summary>None.</summary>
    public static EvaluatorSet Empty { get; } = new([]);

    /// <summary>The names there are.</summary>
    public IEnumerable<string> Names => _evaluators.Keys;

    /// <summary>The evaluator of a name, as it was written.</summary>
    public bool TryGet(string name, out JsonElement evaluator) => _evaluators.TryGetValue(name, out evaluator);

    /// <summary>
    /// Reads an object of evaluators. One of its own covers one of the same name in <paramref name="below"/>, and may refer to
    /// others there. No set comes of one with faults; paths are from the object.
    /// </summary>
    public static (EvaluatorSet? Evaluators, IReadOnlyList<FlagFault> Faults) Read(JsonElement element, EvaluatorSet below)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return (null, [new FlagFault("", "Evaluators are an object: names with the logic they stand for.")]);
        }

        var evaluators = new Dictionary<string, JsonElement>(below._evaluators, StringComparer.Ordinal);
        var own = new List<string>();
        try
        {
            foreach (var property in element.EnumerateObject())
            {
                own.Add(property.Name);
                evaluators[property.Name] = property.Value.Clone();
            }
        }
        catch (InvalidOperationException)
        {
            return (null, [new FlagFault("", "A name is not Unicode.")]);
        }

        var set = new EvaluatorSet(evaluators);
        if (own.Count > FlagLimits.Evaluators)
        {
            return (null, [new FlagFault("", string.Create(CultureInfo.InvariantCulture, $"There are more than {FlagLimits.Evaluators} evaluators."))]);
        }

        var (faults, parts) = (new List<FlagFault>(), 0);
        foreach (var name in own)
        {
            faults.AddRange(set.FaultsOf(name, ref parts));
            if (parts > FlagLimits.LayerParts)
            {
                return (null, [new FlagFault("/" + JsonPointer.Escape(name), string.Create(CultureInfo.InvariantCulture, $"The evaluators have more than {FlagLimits.LayerParts} parts together, references put in."))]);
            }
        }

        return (faults.Count == 0 ? set : null, faults);
    }

    private List<FlagFault> FaultsOf(string name, ref int parts)
    {
        var path = "/" + JsonPointer.Escape(name);
        if (name.Length is 0 or > FlagLimits.NameLength)
        {
            return [new FlagFault(path, string.Create(CultureInfo.InvariantCulture, $"An evaluator has a name of 1 to {FlagLimits.NameLength} characters."))];
        }

        var source = new TargetingSource(this);
        source.Read(_evaluators[name], path, evaluator: name);
        parts += source.Parts;
        return source.Faults;
    }
}
