using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <content>Operations of common forms, which json-logic-engine interprets in ways of their own.</content>
internal sealed partial class Interpreter
{
    private Node? Idiom(string name, in Value operands)
    {
        if (!operands.IsArray)
        {
            return null;
        }

        var items = operands.Items;
        return name switch
        {
            "if" or "?:" when items.Length == 3 => Choice(items),
            "filter" when items.Length == 2 => KnownFilter(items),
            "reduce" => Total(operands),
            _ when items.Length is 2 or 3 && Operators.ComparisonOf(name) is { } comparison => Comparing(comparison, items),
            _ => null,
        };
    }

    private Node Choice(Value[] items)
    {
        var branches = OptimizeAll(items);
        return branches[0] is ConstantNode { Value: var condition } ? branches[Js.Truthy(condition) ? 1 : 2] : new IfNode(branches);
    }

    private Node? KnownFilter(Value[] items) =>
        Optimize(items[1]) is ConstantNode { Value: var keeps }
            ? Js.Truthy(keeps) ? Optimize(items[0]) : ConstantNode.EmptyArray
            : null;

    private Node Comparing(Comparison comparison, Value[] items)
    {
        var nodes = OptimizeAll(items);
        var node = new InterpretedCompareNode(comparison, nodes);
        return nodes.All(item => item is ConstantNode) ? new ConstantNode(Evaluate(node)) : node;
    }

    // A reduce that adds or multiplies what it carries and the item is a sum or a product.
    private Node? Total(in Value operands)
    {
        var (list, body, start) = (Logic.Item(operands, 0), Logic.Item(operands, 1), Logic.Item(operands, 2));
        if (body.IsNullish)
        {
            throw LogicException.InvalidArguments();
        }

        var run = Run.Beforehand;
        if (IsTotal(body, "+", ref run))
        {
            return Optimize(Operation("+", [Operation("+", list), Js.ToBoolean(start) ? start : Value.Of(0d)]));
        }

        return IsTotal(body, "*", ref run)
            ? Optimize(Operation("*", [Operation("*", list), start.Kind == ValueKind.Undefined ? Value.Of(1d) : start]))
            : null;
    }

    private static bool IsTotal(in Value body, string name, ref Run run)
    {
        var operands = Logic.Member(body, name);
        if (!operands.IsArray || operands.Items.Length != 2)
        {
            return false;
        }

        var (left, right) = (Logic.Member(operands.Items[0], "var"), Logic.Member(operands.Items[1], "var"));
        return Js.ToBoolean(left) && Js.ToBoolean(right)
            && (Is(left, "accumulator", ref run) || Is(right, "accumulator", ref run))
            && (Is(left, "current", ref run) || Is(right, "current", ref run));
    }

    private static bool Is(in Value value, string name, ref Run run) => Compare.StrictlyEqual(value, Value.Of(name), ref run);

    private static Value Operation(string name, Value operands) => Value.Of(Members.Of((name, operands)));

    private static Value Operation(string name, Value[] operands) => Operation(name, Value.Of(operands));
}
