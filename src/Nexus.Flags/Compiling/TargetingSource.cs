using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>
/// Reads the JSON of a targeting: puts in what <c>$ref</c> names, and finds what can be told to be wrong without evaluating:
/// unknown operations, evaluators that come back to themselves, size and depth, weights.
/// </summary>
internal sealed class TargetingSource(EvaluatorSet evaluators)
{
    private readonly Dictionary<object, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<string> _references = [];
    private int _parts;

    /// <summary>How many values were read, references put in.</summary>
    public int Parts => _parts;

    /// <summary>What was found, in the order of the text.</summary>
    public List<FlagFault> Faults { get; } = [];

    /// <summary>The JSON pointer of an object or list that was read; within an evaluator that of the reference.</summary>
    public string? PathOf(object identity) => _paths.GetValueOrDefault(identity);

    /// <summary>The targeting as a value. It holds nothing of use once there are <see cref="Faults"/>.</summary>
    /// <param name="targeting">Its JSON.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="evaluator">The evaluator that it is, if it is one.</param>
    public Value Read(JsonElement targeting, string path, string? evaluator = null)
    {
        if (evaluator is not null)
        {
            _references.Push(evaluator);
        }

        if (JsonMarshal.GetRawUtf8Value(targeting).Length > FlagLimits.Bytes)
        {
            Fault(path, string.Create(CultureInfo.InvariantCulture, $"is larger than {FlagLimits.Bytes} bytes"));
            return Value.Undefined;
        }

        try
        {
            return Read(targeting, new Place(path, 0, InList: false));
        }
        catch (InvalidOperationException)
        {
            Fault(path, "holds text that is not Unicode");
            return Value.Undefined;
        }
    }

    private Value Read(JsonElement element, Place place)
    {
        if (++_parts > FlagLimits.Parts)
        {
            if (_parts == FlagLimits.Parts + 1)
            {
                Fault(place.Path, string.Create(CultureInfo.InvariantCulture, $"has more than {FlagLimits.Parts} parts, references put in"));
            }

            return Value.Undefined;
        }

        return element.ValueKind switch
        {
            JsonValueKind.Object => ReadObject(element, place),
            JsonValueKind.Array => ReadList(element, place),
            _ => JsonValues.Read(element),
        };
    }

    private Value ReadList(JsonElement element, Place place)
    {
        // An operation and the list of its operands are one step down, a list in a list another.
        if (!TryDescend(ref place, by: place.InList ? 1 : 0))
        {
            return Value.Undefined;
        }

        var items = new Value[element.GetArrayLength()];
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            items[index] = Read(item, place.Item(index));
            index++;
        }

        _paths[items] = place.Path;
        return Value.Of(items);
    }

    private Value ReadObject(JsonElement element, Place place)
    {
        if (!TryDescend(ref place, by: 1))
        {
            return Value.Undefined;
        }

        var members = element.GetPropertyCount();
        if (members == 0)
        {
            return Value.Of(Members.Of());
        }

        if (members > 1)
        {
            Fault(place.Path, "is an object of several members: an operation has one, its name");
            return Value.Undefined;
        }

        var property = element.EnumerateObject().First();
        var name = property.Name;
        if (name == Operators.Reference)
        {
            return Follow(property.Value, place);
        }

        if (!Operators.IsKnown(name))
        {
            Fault(place.Member(name).Path, $"is no operation: there is none of the name '{Shortened(name)}'");
            return Value.Undefined;
        }

        if (name == Operators.Fractional)
        {
            CheckWeights(property.Value, place.Member(name));
        }

        var operation = Members.Of((name, Read(property.Value, place.Member(name))));
        _paths[operation] = place.Path;
        return Value.Of(operation);
    }

    private Value Follow(JsonElement reference, Place place)
    {
        var name = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : null;
        if (name is null || !evaluators.TryGet(name, out var evaluator))
        {
            Fault(place.Path, name is null ? "refers to no evaluator: $ref takes a name" : $"refers to '{Shortened(name)}', and there is no such evaluator");
            return Value.Undefined;
        }

        if (_references.Contains(name, StringComparer.Ordinal))
        {
            Fault(place.Path, $"refers to '{Shortened(name)}', which comes back to itself");
            return Value.Undefined;
        }

        if (JsonMarshal.GetRawUtf8Value(evaluator).Length > FlagLimits.Bytes)
        {
            Fault(place.Path, $"refers to '{Shortened(name)}', which is too large");
            return Value.Undefined;
        }

        _references.Push(name);
        var value = Read(evaluator, place with { IsWithinReference = true });
        _references.Pop();
        return value;
    }

    // Weights that are computed cannot be told beforehand: there a negative one counts as zero.
    private void CheckWeights(JsonElement operands, Place place)
    {
        if (operands.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        double total = 0;
        var index = -1;
        foreach (var bucket in operands.EnumerateArray())
        {
            index++;
            if (bucket.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            double weight = 1;
            if (bucket.GetArrayLength() > 1 && bucket[1].ValueKind == JsonValueKind.Number)
            {
                weight = bucket[1].GetDouble();
                if (weight < 0 || !double.IsInteger(weight))
                {
                    Fault(place.Item(index).Item(1).Path, "is no weight: a weight is a whole number from 0");
                }
            }

            total += weight;
        }

        if (total > FlagLimits.Weight)
        {
            Fault(place.Path, string.Create(CultureInfo.InvariantCulture, $"has weights that add up to more than {FlagLimits.Weight}"));
        }
    }

    private bool TryDescend(ref Place place, int by)
    {
        place = place with { Depth = place.Depth + by };
        if (place.Depth <= FlagLimits.Depth)
        {
            return true;
        }

        Fault(place.Path, string.Create(CultureInfo.InvariantCulture, $"is deeper than {FlagLimits.Depth} operations"));
        return false;
    }

    private void Fault(string path, string what)
    {
        if (Faults.Count < FlagLimits.Faults)
        {
            Faults.Add(new FlagFault(path, _references.Count == 0 ? $"This {what}." : $"In the evaluator '{Shortened(_references.Peek())}': this {what}."));
        }
    }

    private static string Shortened(string name) => name.Length <= FlagLimits.NameLength ? name : name[..FlagLimits.NameLength] + "…";

    // Where something stands in the definition. What comes of a reference stands where the reference stands.
    private readonly record struct Place(string Path, int Depth, bool InList, bool IsWithinReference = false)
    {
        public Place Item(int index) =>
            this with { InList = true, Path = IsWithinReference ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}/{index}") };

        public Place Member(string name) =>
            this with { InList = false, Path = IsWithinReference ? Path : $"{Path}/{JsonPointer.Escape(name)}" };
    }
}
