using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>reduce</c>. What is carried along holds no lists or objects within it, or it could grow without end.</summary>
/// <param name="list">What it goes over.</param>
/// <param name="body">What is evaluated with <c>accumulator</c> and <c>current</c> as its data.</param>
/// <param name="start">What the first accumulator is; the first item where there is none.</param>
/// <param name="showsList">Whether one step up the body sees the list; nothing if not.</param>
internal sealed class ReduceNode(Node list, Node body, Node? start, bool showsList) : Node
{
    public override int Size { get; } = 1 + list.Size + body.Size + (start?.Size ?? 0);

    public override Value Evaluate(ref Frame frame)
    {
        var source = list.Evaluate(ref frame);
        var carried = start is null ? Value.Undefined : Flat(start.Evaluate(ref frame));
        if (!source.IsArray)
        {
            throw LogicException.WrongType("a list");
        }

        var items = source.Items;
        var index = 0;
        if (start is null)
        {
            carried = items.Length > 0 ? items[index++] : throw LogicException.WrongType("an item, or a value to begin with");
        }

        for (; index < items.Length; index++)
        {
            frame.Run.Spend(body.Size);
            var data = Value.Of(Members.Of(("accumulator", carried), ("current", items[index])));
            var inner = new Frame(ref frame.Run, data, Above.Of(showsList ? source : Value.Null, frame.Context, frame.Above));
            carried = Flat(body.Evaluate(ref inner));
        }

        return carried;
    }

    private static Value Flat(in Value value)
    {
        var parts = value.Kind switch
        {
            ValueKind.Array => value.Items,
            ValueKind.Object => value.Members.Values,
            _ => [],
        };
        foreach (var part in parts)
        {
            if (part.IsObjectOrArray)
            {
                throw LogicException.WrongType("an accumulator without lists or objects within");
            }
        }

        return value.Kind == ValueKind.Object && value.Members.Role == MembersRole.Root
            ? throw LogicException.WrongType("an accumulator without lists or objects within")
            : value;
    }
}
