using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>
/// Makes nodes of a part of a targeting as json-logic-engine 5 interprets it (its <c>optimizer.js</c>): what it evaluates
/// beforehand, and what it does not compile, <c>if</c> of two operands above all.
/// </summary>
internal sealed partial class Interpreter(Tracer tracer)
{
    /// <summary>How many steps are left for what is evaluated beforehand, all together.</summary>
    public int StepsLeft { get; private set; } = FlagLimits.Steps;

    /// <summary>What an operation comes to without a context.</summary>
    /// <exception cref="LogicException">It has no outcome.</exception>
    public ConstantNode Fold(in Value logic) => new(Evaluate(Optimize(logic)));

    /// <summary>A part as it is interpreted when it is reached: what is wrong with it shows only then.</summary>
    public Node Lazily(in Value logic)
    {
        try
        {
            return Optimize(logic);
        }
        catch (LogicException e)
        {
            return new ThrowNode(e);
        }
    }

    private Value Evaluate(Node node)
    {
        var run = new Run("", 0, null, StepsLeft);
        var frame = new Frame(ref run, Value.Of(Members.None), Above.Nothing);
        try
        {
            return node.Evaluate(ref frame);
        }
        finally
        {
            StepsLeft = run.Left;
        }
    }

    private Node Optimize(in Value logic)
    {
        if (logic.IsArray)
        {
            return ArrayNode.Of(OptimizeAll(logic.Items));
        }

        if (!Logic.IsOperation(logic, out var name, out var operands))
        {
            return new ConstantNode(logic);
        }

        try
        {
            var node = Idiom(name, operands) ?? Method(name, operands, isKnown: Determinism.Of(logic));
            return tracer.Noted(node, logic, name, operands);
        }
        catch (LogicException e)
        {
            throw e.At(tracer.PathOf(logic), name);
        }
    }

    private Node[] OptimizeAll(Value[] items)
    {
        var nodes = new Node[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            nodes[index] = Optimize(items[index]);
        }

        return nodes;
    }

    private Node[] LazilyAll(Value[] items)
    {
        var nodes = new Node[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            nodes[index] = Lazily(items[index]);
        }

        return nodes;
    }

    private Node Method(string name, in Value operands, bool isKnown)
    {
        var node = Operators.IsLazy(name) ? Lazy(name, operands) : Eager(name, operands);
        return isKnown ? new ConstantNode(Evaluate(node)) : node;
    }

    private Node Eager(string name, Value operands)
    {
        var isUnary = Operators.IsUnary(name);
        if (!operands.IsObjectOrArray && !isUnary)
        {
            operands = Value.Of([operands]);
        }

        if (isUnary && operands is { IsArray: true, Items: [{ IsArray: false } only] })
        {
            operands = only;
        }

        if (operands.IsArray)
        {
            var items = OptimizeAll(operands.Items);
            return name == "var" ? new FindNode(ArrayNode.Of(items)) : new CallNode(Operators.FunctionOf(name), items);
        }

        var operand = Optimize(operands);
        return name == "var" ? Var(operand) : new CallOnNode(Operators.FunctionOf(name), operand, wraps: !isUnary);
    }

    private static Node Var(Node operand)
    {
        if (operand is not ConstantNode { Value: var key })
        {
            return new FindNode(operand);
        }

        if (!Js.ToBoolean(key))
        {
            return new BinaryNode(BinaryOperator.Coalesce, RegisterNode.Context, ConstantNode.Null);
        }

        if (key.Kind == ValueKind.Number)
        {
            return new ShortPathNode([Js.ToText(key.Number)]);
        }

        if (!key.IsString)
        {
            var run = Run.Beforehand;
            return key.IsArray ? new ShortPathNode([Js.ToText(key, ref run)]) : throw LogicException.WrongType("a path");
        }

        if (key.Text.AsSpan().IndexOfAny('.', '\\') < 0)
        {
            return new ShortPathNode([key.Text]);
        }

        return !key.Text.StartsWith("../", StringComparison.Ordinal) && DataPath.Split(key.Text) is { Length: 2 or 3 } path
            ? new ShortPathNode(path)
            : new FindNode(operand);
    }

    private Node Lazy(string name, in Value operands)
    {
        if (!operands.IsArray)
        {
            return Failing();
        }

        var items = operands.Items;
        switch (name)
        {
            case "if" or "?:":
                return items.Length switch
                {
                    0 => ConstantNode.Null,
                    _ when items.Length % 2 == 1 => new IfNode(LazilyAll(items)),
                    _ => new IfNode([.. LazilyAll(items), ConstantNode.Null]),
                };
            case "and" or "or":
                return items.Length == 0 ? ConstantNode.Null : new LogicalNode(name == "or", LazilyAll(items));
            case "map" or "filter":
                return new IterateNode(name == "map" ? Iteration.Map : Iteration.Filter, OrEmpty(Lazily(Logic.Item(operands, 0))), Lazily(Logic.Item(operands, 1)), climbs: true);
            case "some" or "none" or "all":
                var kind = name switch { "some" => Iteration.Some, "none" => Iteration.None, _ => Iteration.Every };
                return new ScanNode(kind, Lazily(Logic.Item(operands, 0)), Lazily(Logic.Item(operands, 1)));
            case "reduce":
                var start = Logic.Item(operands, 2);
                return new ReduceNode(
                    OrEmpty(Lazily(Logic.Item(operands, 0))), Lazily(Logic.Item(operands, 1)), start.Kind == ValueKind.Undefined ? null : Lazily(start), showsList: true);
            default:
                return items.Length < 2 ? Failing() : new LongCompareNode(Operators.ComparisonOf(name)!.Value, LazilyAll(items));
        }
    }

    private static BinaryNode OrEmpty(Node list) => new(BinaryOperator.Or, list, ConstantNode.EmptyArray);

    private static ThrowNode Failing() => new(LogicException.InvalidArguments());
}
