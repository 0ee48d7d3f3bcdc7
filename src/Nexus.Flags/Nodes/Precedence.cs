using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>
/// Puts expressions side by side as JavaScript's grammar reads them: an operand that holds together less tightly than the
/// operator gives up its nearer part to it. The numbers are the grammar's order.
/// </summary>
internal static class Precedence
{
    public const int Conditional = 2;
    public const int Or = 3;
    public const int And = 4;
    public const int Equality = 8;
    public const int Relational = 9;
    public const int Additive = 11;
    public const int Primary = 20;

    /// <summary><c>left operator right</c>.</summary>
    public static Node Binary(BinaryOperator @operator, Node left, Node right)
    {
        var precedence = BinaryNode.PrecedenceOf(@operator);
        if (left.Precedence < precedence)
        {
            var parts = left.Open();
            return parts.Join(parts.Left, Binary(@operator, parts.Right, right));
        }

        if (@operator == BinaryOperator.Coalesce && right.Precedence == And)
        {
            throw LogicException.InvalidArguments(); // a syntax error: `??` stands beside `&&` in parentheses alone
        }

        if (right.Precedence <= precedence)
        {
            var parts = right.Open();
            return parts.Join(Binary(@operator, left, parts.Left), parts.Right);
        }

        return new BinaryNode(@operator, left, right);
    }

    /// <summary><c>condition ? then : otherwise</c>.</summary>
    public static Node Ternary(Node condition, Node then, Node otherwise)
    {
        if (condition.Precedence > Conditional)
        {
            return new TernaryNode(condition, then, otherwise);
        }

        var parts = condition.Open();
        return parts.Join(parts.Left, Ternary(parts.Right, then, otherwise));
    }
}
