using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A comparison of two or three values as json-logic-engine interprets it.</summary>
internal sealed class InterpretedCompareNode(Comparison comparison, Node[] items) : Node
{
    public override int Size { get; } = 1 + SizeOf(items);

    public override Value Evaluate(ref Frame frame)
    {
        var left = items[0].Evaluate(ref frame);
        for (var index = 1; index < items.Length; index++)
        {
            var right = items[index].Evaluate(ref frame);
            if (!Compare.Interpreted(comparison, left, right, ref frame.Run))
            {
                return Value.False;
            }

            left = right;
        }

        return Value.True;
    }
}
