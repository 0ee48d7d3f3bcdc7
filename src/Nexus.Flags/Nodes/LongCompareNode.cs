using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>
/// A comparison of four values and more as json-logic-engine interprets it. What compared well as text or strictly is
/// compared as numbers once more, as there.
/// </summary>
internal sealed class LongCompareNode(Comparison comparison, Node[] items) : Node
{
    private readonly bool _isStrict = Compare.IsStrict(comparison);

    public override int Size { get; } = 1 + SizeOf(items);

    public override Value Evaluate(ref Frame frame)
    {
        var left = items[0].Evaluate(ref frame);
        for (var index = 1; index < items.Length; index++)
        {
            var right = items[index].Evaluate(ref frame);
            if ((_isStrict || (left.IsStringOrNull && right.IsStringOrNull)) && !Compare.Holds(comparison, left, right, ref frame.Run))
            {
                return Value.False;
            }

            if ((double.IsNaN(Js.PrecoercedNumber(right, ref frame.Run)) && left.Kind != ValueKind.Null)
                || (index == 1 && double.IsNaN(Js.PrecoercedNumber(left, ref frame.Run))))
            {
                throw LogicException.NotANumber();
            }

            var (first, second) = (Value.Of(Js.ToNumber(left, ref frame.Run)), Value.Of(Js.ToNumber(right, ref frame.Run)));
            if (!Compare.Holds(comparison, first, second, ref frame.Run))
            {
                return Value.False;
            }

            left = right;
        }

        return Value.True;
    }
}
