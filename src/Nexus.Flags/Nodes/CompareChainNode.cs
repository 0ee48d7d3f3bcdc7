using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A comparison of three values and more, each with the next.</summary>
internal sealed class CompareChainNode(Comparison comparison, Node[] items) : Node
{
    private readonly bool _isStrict = Compare.IsStrict(comparison);

    public override int Size { get; } = 1 + SizeOf(items);

    public override Value Evaluate(ref Frame frame)
    {
        frame.Previous = items[0].Evaluate(ref frame);
        for (var index = 1; index < items.Length; index++)
        {
            var first = frame.Previous;
            var second = items[index].Evaluate(ref frame);
            if (!_isStrict)
            {
                second = Compare.Checked(second, frame.Previous, ref frame.Run);
            }

            frame.Previous = second;
            if (!Compare.Holds(comparison, first, second, ref frame.Run))
            {
                return Value.False;
            }
        }

        return Value.True;
    }
}
