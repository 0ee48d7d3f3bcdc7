using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A comparison of two values as json-logic-engine compiles it.</summary>
internal sealed class CompareNode(Comparison comparison, Node left, Node right) : Node
{
    private readonly bool _isStrict = Compare.IsStrict(comparison);

    public override int Size { get; } = 1 + left.Size + right.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var first = left.Evaluate(ref frame);
        frame.Previous = first;
        var second = right.Evaluate(ref frame);
        if (!_isStrict)
        {
            second = Compare.Checked(second, frame.Previous, ref frame.Run);
        }

        return Value.Of(Compare.Holds(comparison, first, second, ref frame.Run));
    }
}
