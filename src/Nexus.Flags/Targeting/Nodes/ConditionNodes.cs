using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Nodes;

/// <summary><c>if</c>: conditions, each followed by its outcome, then what holds if none is true; null if that is missing.</summary>
internal sealed class IfNode(Node[] operands) : Node(operands)
{
    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var index = 0;
        for (; index + 1 < operands.Length; index += 2)
        {
            if (Coercion.IsTruthy(operands[index].Evaluate(data, ref evaluation)))
            {
                return operands[index + 1].Evaluate(data, ref evaluation);
            }
        }

        return index < operands.Length ? operands[index].Evaluate(data, ref evaluation) : Value.Null;
    }
}

/// <summary><c>and</c> and <c>or</c>: the first operand that decides, or else the last one. The rest is not evaluated.</summary>
internal sealed class LogicalNode(bool decidedBy, Node[] operands) : Node(operands)
{
    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var value = Value.Null;
        foreach (var operand in operands)
        {
            value = operand.Evaluate(data, ref evaluation);
            if (Coercion.IsTruthy(value) == decidedBy)
            {
                break;
            }
        }

        return value;
    }
}
