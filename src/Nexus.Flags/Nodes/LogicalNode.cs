using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>
/// <c>and</c> and <c>or</c>: the first item that decides, else the last. json-logic-engine writes them as a conditional
/// without parentheses: by itself it is evaluated in one piece, beside an operator it comes apart as the conditional does.
/// </summary>
internal sealed class LogicalNode(bool isOr, Node[] items) : Node
{
    public override int Size { get; } = 1 + SizeOf(items);

    public override int Precedence => Nodes.Precedence.Conditional;

    public override BinaryParts Open() => AsTernary().Open();

    public override Value Evaluate(ref Frame frame)
    {
        foreach (var item in items)
        {
            var value = item.Evaluate(ref frame);
            frame.Previous = value;
            if (Js.Truthy(value) == isOr)
            {
                break;
            }
        }

        return frame.Previous;
    }

    /// <summary>The conditional that is written.</summary>
    public TernaryNode AsTernary()
    {
        var answer = isOr ? AssignNode.Answer.Truth : AssignNode.Answer.IsFalse;
        var whole = new TernaryNode(new AssignNode(items[^1], answer), RegisterNode.Previous, RegisterNode.Previous);
        for (var index = items.Length - 2; index >= 0; index--)
        {
            whole = new TernaryNode(new AssignNode(items[index], answer), RegisterNode.Previous, whole);
        }

        return whole;
    }
}
