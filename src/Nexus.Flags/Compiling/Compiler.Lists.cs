using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <content>Iterations, and what is missing.</content>
internal sealed partial class Compiler
{
    private IterateNode Iterate(Iteration kind, in Value operands, Scope scope)
    {
        if (!operands.IsArray)
        {
            throw LogicException.InvalidArguments();
        }

        var (body, climbs) = Body(Logic.Item(operands, 1), new Scope(IsInIteration: true, HasIndex: true));
        return new IterateNode(kind, OrEmpty(Build(Logic.Item(operands, 0), scope)), body, climbs);
    }

    // Array.isArray(prev = list) && prev.length === 0 ? false : (prev || []).every(…)
    private Node? All(in Value operands, Scope scope)
    {
        if (!operands.IsArray)
        {
            return null;
        }

        var (body, climbs) = Body(Logic.Item(operands, 1), new Scope(IsInIteration: true, HasIndex: true));
        var isEmpty = Precedence.Binary(
            BinaryOperator.And,
            new AssignNode(Build(Logic.Item(operands, 0), scope), AssignNode.Answer.IsArray),
            new BinaryNode(BinaryOperator.Identical, RegisterNode.PreviousLength, new ConstantNode(Value.Of(0d))));
        return Precedence.Ternary(isEmpty, ConstantNode.False, new IterateNode(Iteration.Every, OrEmpty(RegisterNode.Previous), body, climbs));
    }

    private ReduceNode Reduce(in Value operands, Scope scope)
    {
        if (!operands.IsArray)
        {
            throw LogicException.InvalidArguments();
        }

        var list = Build(Logic.Item(operands, 0), scope);
        var start = Logic.Item(operands, 2);
        var first = start.Kind == ValueKind.Undefined ? null : Build(start, scope);
        var (body, _) = Body(Logic.Item(operands, 1), scope with { HasIndex = false });
        return new ReduceNode(OrEmpty(list), body, first, showsList: false);
    }

    private (Node Body, bool Climbs) Body(in Value logic, Scope scope)
    {
        if (logic.Kind == ValueKind.Undefined)
        {
            throw LogicException.InvalidArguments();
        }

        var outside = _climbs;
        _climbs = false;
        var body = Build(logic, scope);
        var climbs = _climbs;
        _climbs |= outside;
        return (body, climbs);
    }

    // One or two names without dots are looked up one by one: (context || 0)[name] === undefined ? [name] : []
    private static Node? Missing(Value[] names)
    {
        if (names.Length is not (1 or 2) || names.Any(name => !name.IsString || name.Text.Contains('.', StringComparison.Ordinal)))
        {
            return null;
        }

        var first = Lacks(names[0].Text);
        if (names.Length == 1)
        {
            return Precedence.Ternary(first, Known(names), ConstantNode.EmptyArray);
        }

        var second = Lacks(names[1].Text);
        return Precedence.Ternary(
            first,
            new TernaryNode(second, Known(names), Known(names[..1])),
            new TernaryNode(second, Known(names[1..]), ConstantNode.EmptyArray));
    }

    // length - (prev = missing).length < needed ? prev : []
    private Node? MissingSome(in Value operands, Scope scope)
    {
        if (!operands.IsArray)
        {
            throw LogicException.InvalidArguments();
        }

        var options = Logic.Item(operands, 1);
        if (!options.IsArray)
        {
            return null;
        }

        var paths = options.Items;
        var missing = paths.Length == 0
            ? ConstantNode.EmptyArray
            : Missing(paths) ?? new CallNode(Functions.Missing, [.. paths.Select(path => new ConstantNode(path))]);
        var there = Precedence.Binary(BinaryOperator.Subtract, new ConstantNode(Value.Of((double)paths.Length)), new AssignNode(missing, AssignNode.Answer.Length));
        return Precedence.Ternary(
            Precedence.Binary(BinaryOperator.Less, there, Build(Logic.Item(operands, 0), scope)), RegisterNode.Previous, ConstantNode.EmptyArray);
    }

    private static BinaryNode Lacks(string name) => new(BinaryOperator.Identical, new PathNode([name]), ConstantNode.Undefined);

    private static ConstantNode Known(Value[] names) => new(Value.Of(names));
}
