using System.Globalization;
using System.Text.Json;
using Nexus.Flags.Targeting;

namespace Nexus.Flags;

/// <summary>Shared targeting that <c>$ref</c> names: flagd's <c>$evaluators</c>. Immutable.</summary>
public sealed class EvaluatorSet
{
    private readonly Dictionary<string, JsonElement> _evaluators;

    private EvaluatorSet(Dictionary<string, JsonElement> evaluators) => _evaluators = evaluators;

    /// <summary>A set without evaluators.</summary>
    public static EvaluatorSet Empty { get; } = new([]);

    /// <summary>The names of the evaluators.</summary>
    public IEnumerable<string> Names => _evaluators.Keys;

    /// <summary>The JSON of an evaluator, as it was written.</summary>
    public bool TryGet(string name, out JsonElement evaluator) => _evaluators.TryGetValue(name, out evaluator);

    /// <summary>
    /// Reads an object of evaluators. They hide those of the same name in <paramref name="below"/>, and may refer to the others there.
    /// With faults there is no set; their paths start at the object.
    /// </summary>
    public static (EvaluatorSet? Evaluators, IReadOnlyList<FlagFault> Faults) Parse(JsonElement element, EvaluatorSet below)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return (null, [new FlagFault("", "Evaluators are an object of names with their logic.")]);
        }

        var own = new List<string>();
        var evaluators = new Dictionary<string, JsonElement>(below._evaluators, StringComparer.Ordinal);
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
            return (null, [new FlagFault("", "A name is not valid Unicode.")]);
        }

        if (own.Count > FlagLimits.MaxEvaluators)
        {
            return (null, [Fault("", $"There are more than {FlagLimits.MaxEvaluators} evaluators.")]);
        }

        var (set, faults, parts) = (new EvaluatorSet(evaluators), new List<FlagFault>(), 0);
        foreach (var name in own)
        {
            faults.AddRange(set.Check(name, ref parts));
            if (parts > FlagLimits.MaxLayerParts)
            {
                var path = "/" + JsonPointer.Escape(name);
                return (null, [Fault(path, $"The evaluators have more than {FlagLimits.MaxLayerParts} parts together.")]);
            }
        }

        return (faults.Count == 0 ? set : null, faults);
    }

    private List<FlagFault> Check(string name, ref int parts)
    {
        var path = "/" + JsonPointer.Escape(name);
        if (name.Length is 0 or > FlagLimits.MaxNameLength)
        {
            return [Fault(path, $"The name of an evaluator has 1 to {FlagLimits.MaxNameLength} characters.")];
        }

        var parser = new TargetingParser(this);
        parser.Parse(_evaluators[name], path, evaluator: name);
        parts += parser.Parts;
        return parser.Faults;
    }

    private static FlagFault Fault(string path, FormattableString message) => new(path, message.ToString(CultureInfo.InvariantCulture));
}
