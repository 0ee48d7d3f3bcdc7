using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>An operator of JavaScript between two operands.</summary>
internal sealed class BinaryNode(BinaryOperator @operator, Node left, Node right) : Node
{
    public override int Size { get; } = 1 + left.Size + right.Size;

    public override int Precedence { get; } = PrecedenceOf(@operator);

    public override BinaryParts Open() => new(left, right, (l, r) => Nodes.Precedence.Binary(@operator, l, r));

    public static int PrecedenceOf(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Coalesce or BinaryOperator.Or => Nodes.Precedence.Or,
        BinaryOperator.And => Nodes.Precedence.And,
        BinaryOperator.Identical => Nodes.Precedence.Equality,
        BinaryOperator.Less => Nodes.Precedence.Relational,
        _ => Nodes.Precedence.Additive,
    };

    public override Value Evaluate(ref Frame frame)
    {
        var first = left.Evaluate(ref frame);
        switch (@operator)
        {
            case BinaryOperator.Coalesce:
                return first.IsNullish ? right.Evaluate(ref frame) : first;
            case BinaryOperator.Or:
                return Js.ToBoolean(first) ? first : right.Evaluate(ref frame);
            case BinaryOperator.And:
                return Js.ToBoolean(first) ? right.Evaluate(ref frame) : first;
        }

        var second = right.Evaluate(ref frame);
        return @operator switch
        {
            BinaryOperator.Identical => Value.Of(Compare.StrictlyEqual(first, second, ref frame.Run)),
            BinaryOperator.Less => Value.Of(Compare.Holds(Comparison.Less, first, second, ref frame.Run)),
            BinaryOperator.Add => Js.Add(first, second, ref frame.Run),
            _ => Value.Of(Js.ToNumber(first, ref frame.Run) - Js.ToNumber(second, ref frame.Run)),
        };
    }
}
