using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A list of what its items come to.</summary>
internal sealed class ArrayNode(Node[] items) : Node
{
    public override int Size { get; } = 1 + SizeOf(items);

    /// <summary>A list; known beforehand where all its items are.</summary>
    public static Node Of(Node[] items) =>
        items.All(item => item is ConstantNode)
            ? new ConstantNode(Value.OfList([.. items.Select(item => ((ConstantNode)item).Value)]))
            : new ArrayNode(items);

    public override Value Evaluate(ref Frame frame)
    {
        var values = new Value[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            values[index] = items[index].Evaluate(ref frame);
        }

        return Value.Of(values);
    }
}
