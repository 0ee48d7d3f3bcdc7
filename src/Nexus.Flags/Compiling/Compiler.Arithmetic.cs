using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <content>Arithmetic: operands that can be no number are found out when they are compiled.</content>
internal sealed partial class Compiler
{
    private Node Arithmetical(Arithmetic operation, in Value operands, Scope scope)
    {
        if (!operands.IsArray)
        {
            var list = Build(operands, scope);
            return operation == Arithmetic.Divide ? Quotient(list) : new FoldNode(operation, list);
        }

        var items = operands.Items;
        if (items.Length < (operation == Arithmetic.Remainder ? 2 : 1))
        {
            throw LogicException.InvalidArguments();
        }

        var nodes = new Node[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            var isDivisor = operation == Arithmetic.Divide && (index > 0 || items.Length == 1);
            nodes[index] = Operand(items[index], isDivisor, scope);
        }

        return new ArithmeticNode(operation, nodes);
    }

    private Node Operand(in Value raw, bool isDivisor, Scope scope)
    {
        if (raw.IsArray || (raw.Kind == ValueKind.Object && raw.Members.IsEmpty))
        {
            throw LogicException.NotANumber();
        }

        var node = Build(raw, scope);
        if (node is not ConstantNode { Value: var known } || known.IsObjectOrArray)
        {
            return node;
        }

        var run = Run.Beforehand;
        var number = Js.Numeric(Js.ToNumber(known, ref run));

        // A divisor that is written as zero is refused; one that is false or null fails when it is reached.
        return isDivisor && number == 0 && known.Kind is ValueKind.Number or ValueKind.String
            ? throw LogicException.NotANumber()
            : new ConstantNode(Value.Of(number));
    }

    // assertSize(prev = list, 1) && prev.length === 1 ? 1 / prev[0] : prev.reduce(…)
    private static Node Quotient(Node list)
    {
        var isOne = Precedence.Binary(
            BinaryOperator.And,
            new AssignNode(list, AssignNode.Answer.AtLeastOne),
            new BinaryNode(BinaryOperator.Identical, RegisterNode.PreviousLength, new ConstantNode(Value.Of(1d))));
        return Precedence.Ternary(
            isOne, new FoldNode(Arithmetic.Divide, RegisterNode.Previous), new FoldNode(Arithmetic.Divide, RegisterNode.Previous, keepsOne: true));
    }
}
