using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting;

/// <summary>
/// Compiles the JSON of a targeting, with the evaluators that <c>$ref</c> names put in. It finds what is wrong whatever the context:
/// unknown operations, circular references, size and depth, weights.
/// </summary>
/// <param name="evaluators">What <c>$ref</c> may name.</param>
/// <param name="isTraced">Whether operations record what they give.</param>
internal sealed class TargetingParser(EvaluatorSet evaluators, bool isTraced = false)
{
    private readonly Stack<string> _references = [];

    /// <summary>How many values were read, references put in.</summary>
    public int Parts { get; private set; }

    /// <summary>What is wrong, in the order of the text.</summary>
    public List<FlagFault> Faults { get; } = [];

    /// <summary>Compiles a targeting; null if there are <see cref="Faults"/>.</summary>
    /// <param name="targeting">Its JSON.</param>
    /// <param name="path">Its JSON pointer.</param>
    /// <param name="evaluator">The name of the evaluator that it is, if it is one.</param>
    public Node? Parse(JsonElement targeting, string path, string? evaluator = null)
    {
        if (evaluator is not null)
        {
            _references.Push(evaluator);
        }

        if (IsTooLarge(targeting))
        {
            AddFault(path, Invariant($"Targeting is larger than {FlagLimits.MaxBytes} bytes."));
            return null;
        }

        try
        {
            var node = Parse(targeting, new Place(path, Depth: 0));
            return Faults.Count == 0 ? node : null;
        }
        catch (InvalidOperationException)
        {
            AddFault(path, "A string is not valid Unicode.");
            return null;
        }
    }

    // What is faulty becomes null: the faults, not the node, are what counts then.
    private Node Parse(JsonElement element, Place place)
    {
        Parts++;
        if (Parts > FlagLimits.MaxParts)
        {
            if (Parts == FlagLimits.MaxParts + 1)
            {
                AddFault(place.Path, Invariant($"Targeting has more than {FlagLimits.MaxParts} parts, references included."));
            }

            return new ConstantNode(Value.Null);
        }

        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return new ConstantNode(Value.Parse(element));
        }

        if (place.Depth >= FlagLimits.MaxDepth)
        {
            AddFault(place.Path, Invariant($"Targeting is deeper than {FlagLimits.MaxDepth} levels."));
            return new ConstantNode(Value.Null);
        }

        place = place with { Depth = place.Depth + 1 };
        return element.ValueKind == JsonValueKind.Array ? ParseList(element, place) : ParseObject(element, place);
    }

    private Node ParseList(JsonElement element, Place place)
    {
        var items = ParseItems(element, place);
        return items.All(item => item is ConstantNode)
            ? new ConstantNode(Value.From([.. items.Select(item => ((ConstantNode)item).Value)]))
            : new ListNode(items);
    }

    private Node ParseObject(JsonElement element, Place place)
    {
        var members = element.GetPropertyCount();
        if (members == 0)
        {
            return new ConstantNode(Value.From(MemberMap.Empty));
        }

        if (members > 1)
        {
            AddFault(place.Path, "An operation has one member, its name; this object has several.");
            return new ConstantNode(Value.Null);
        }

        var property = element.EnumerateObject().First();
        return property.Name == Operators.Reference
            ? Follow(property.Value, place)
            : ParseOperation(element, property.Name, property.Value, place);
    }

    private Node ParseOperation(JsonElement element, string name, JsonElement operands, Place place)
    {
        var inner = place.Member(name);
        if (!Operators.TryGet(name, out var create))
        {
            AddFault(inner.Path, $"Unknown operation '{Shorten(name)}'. flagd's reference of flag definitions lists the operations.");
            return new ConstantNode(Value.Null);
        }

        // A single operand need not stand in a list.
        var nodes = operands.ValueKind == JsonValueKind.Array ? ParseItems(operands, inner) : [Parse(operands, inner)];
        if (nodes.Length < Operators.MinOperands(name))
        {
            AddFault(place.Path, $"'{name}' takes a list and the logic for its items.");
            return new ConstantNode(Value.Null);
        }

        if (name == Operators.Fractional && operands.ValueKind == JsonValueKind.Array)
        {
            CheckWeights(operands, inner);
        }

        var node = create(nodes);
        return isTraced ? new TracedNode(node, name, place.Path, nodes, ValueText.Shorten(element.GetRawText())) : node;
    }

    private Node[] ParseItems(JsonElement list, Place place)
    {
        var nodes = new Node[list.GetArrayLength()];
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            nodes[index] = Parse(item, place.Item(index));
            index++;
        }

        return nodes;
    }

    private Node Follow(JsonElement reference, Place place)
    {
        var name = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : null;
        JsonElement logic = default;
        var fault = name is null ? "$ref takes the name of an evaluator."
            : !evaluators.TryGet(name, out logic) ? $"There is no evaluator '{Shorten(name)}'."
            : _references.Contains(name, StringComparer.Ordinal) ? $"The evaluator '{Shorten(name)}' refers to itself."
            : IsTooLarge(logic) ? Invariant($"The evaluator '{Shorten(name)}' is larger than {FlagLimits.MaxBytes} bytes.")
            : null;
        if (fault is not null)
        {
            AddFault(place.Path, fault);
            return new ConstantNode(Value.Null);
        }

        _references.Push(name!);
        var node = Parse(logic, place with { Depth = place.Depth - 1, IsWithinReference = true });
        _references.Pop();
        return node;
    }

    // Computed weights are not known yet: there a negative one counts as zero.
    private void CheckWeights(JsonElement buckets, Place place)
    {
        double total = 0;
        foreach (var (index, bucket) in buckets.EnumerateArray().Index())
        {
            if (bucket.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            var weight = bucket.GetArrayLength() > 1 && bucket[1].ValueKind == JsonValueKind.Number ? bucket[1].GetDouble() : 1;
            if (weight < 0 || !double.IsInteger(weight))
            {
                AddFault(place.Item(index).Item(1).Path, "A weight is an integer from 0.");
            }

            total += weight;
        }

        if (total > FlagLimits.MaxWeight)
        {
            AddFault(place.Path, Invariant($"The weights add up to more than {FlagLimits.MaxWeight}."));
        }
    }

    private void AddFault(string path, string message)
    {
        if (Faults.Count < FlagLimits.MaxFaults)
        {
            var where = _references.Count == 0 ? "" : $"In the evaluator '{Shorten(_references.Peek())}': ";
            Faults.Add(new FlagFault(path, where + message));
        }
    }

    private static bool IsTooLarge(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length > FlagLimits.MaxBytes;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Shorten(string name) => name.Length <= FlagLimits.MaxNameLength ? name : name[..FlagLimits.MaxNameLength] + "…";

    // Where something stands in the definition. What an evaluator contains stands where the reference stands.
    private readonly record struct Place(string Path, int Depth, bool IsWithinReference = false)
    {
        public Place Item(int index) => IsWithinReference ? this : this with { Path = Invariant($"{Path}/{index}") };

        public Place Member(string name) => IsWithinReference ? this : this with { Path = $"{Path}/{JsonPointer.Escape(name)}" };
    }
}
