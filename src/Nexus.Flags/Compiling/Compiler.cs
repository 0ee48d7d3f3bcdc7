using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>
/// Makes nodes of a targeting, as json-logic-engine 5 makes JavaScript of it (its <c>compiler.js</c>): what it evaluates
/// beforehand, what it leaves to its interpreter and where it writes no parentheses shows in what comes out.
/// </summary>
internal sealed partial class Compiler(Tracer tracer)
{
    private readonly Interpreter _interpreter = new(tracer);

    // Whether what was built since this was last put back may look at what is above its data.
    private bool _climbs;

    /// <summary>How many steps it took to evaluate what could be evaluated beforehand.</summary>
    public int Steps => FlagLimits.Steps - _interpreter.StepsLeft;

    /// <summary>Compiles a targeting.</summary>
    /// <exception cref="LogicException">It can never be evaluated. Its path is set.</exception>
    public Node Compile(in Value targeting) => Build(targeting, default);

    private Node Build(in Value logic, Scope scope)
    {
        if (logic.IsArray)
        {
            return ArrayNode.Of(BuildAll(logic.Items, scope));
        }

        if (!Logic.IsOperation(logic, out var name, out var operands))
        {
            return new ConstantNode(logic);
        }

        try
        {
            var node = Determinism.Of(logic) ? _interpreter.Fold(logic) : BuildOperation(logic, name, operands, scope);
            return tracer.Noted(node, logic, name, operands);
        }
        catch (LogicException e)
        {
            throw e.At(tracer.PathOf(logic), name);
        }
    }

    private Node[] BuildAll(Value[] items, Scope scope)
    {
        var nodes = new Node[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            nodes[index] = Build(items[index], scope);
        }

        return nodes;
    }

    private Node BuildOperation(in Value logic, string name, Value operands, Scope scope)
    {
        if (!operands.IsObjectOrArray && !Operators.IsLazy(name))
        {
            operands = Value.Of([operands]);
        }

        var compiled = name switch
        {
            "var" => Var(operands, scope),
            "if" or "?:" => If(operands, scope),
            "and" or "or" => operands.IsArray ? new LogicalNode(name == "or", BuildAll(operands.Items, scope)) : null,
            "!" or "!!" => new NotNode(Build(operands.IsArray ? Logic.Item(operands, 0) : operands, scope), name == "!"),
            "cat" => operands.IsArray ? Join(operands.Items, scope) : null,
            "in" => operands.IsArray ? new IncludesNode(OrEmpty(Build(Logic.Item(operands, 1), scope)), Build(Logic.Item(operands, 0), scope)) : null,
            "map" => Iterate(Iteration.Map, operands, scope),
            "filter" => Iterate(Iteration.Filter, operands, scope),
            "some" => Iterate(Iteration.Some, operands, scope),
            "none" => Iterate(Iteration.None, operands, scope),
            "all" => All(operands, scope),
            "reduce" => Reduce(operands, scope),
            "missing" => operands.IsArray ? Missing(operands.Items) : null,
            "missing_some" => MissingSome(operands, scope),
            Operators.Fractional => operands.IsArray ? Fractional(operands.Items, scope) : null,
            _ when Operators.ComparisonOf(name) is { } comparison => Comparing(comparison, operands, scope),
            _ when Operators.ArithmeticOf(name) is { } arithmetic => Arithmetical(arithmetic, operands, scope),
            _ => null,
        };
        return compiled ?? (Operators.IsLazy(name) ? Interpreted(logic) : Call(name, operands, scope));
    }

    private InterpretedNode Interpreted(in Value logic)
    {
        _climbs = true;
        return new InterpretedNode(_interpreter.Lazily(logic));
    }

    private Node Call(string name, Value operands, Scope scope)
    {
        // A list of one operand is that operand, for what works on one.
        if (Operators.IsUnary(name) && operands is { IsArray: true, Items: [{ IsArray: false } only] })
        {
            operands = only;
        }

        if (name == "var")
        {
            _climbs = true;
            return new FindNode(Build(operands, scope));
        }

        var function = Operators.FunctionOf(name);
        return operands.IsArray
            ? new CallNode(function, BuildAll(operands.Items, scope))
            : new CallOnNode(function, Build(operands, scope), wraps: !Operators.IsUnary(name));
    }

    private Node? Var(in Value operands, Scope scope)
    {
        if (!operands.IsArray || operands.Items.Length > 2)
        {
            return null;
        }

        var (key, fallback) = (Logic.Item(operands, 0), Logic.Item(operands, 1));
        if (key.IsString && key.Text == "../index" && scope.IsInIteration)
        {
            return scope.HasIndex ? RegisterNode.Index : new ThrowNode(LogicException.WrongType("a list, and within a reduce there is no index"));
        }

        if (key.IsNullish || (key.IsString && key.Text.Length == 0))
        {
            return RegisterNode.Context;
        }

        if (key.Kind is not (ValueKind.String or ValueKind.Number))
        {
            return null;
        }

        var path = key.IsString ? key.Text : Js.ToText(key.Number);
        if (path.Contains("../", StringComparison.Ordinal))
        {
            return null;
        }

        var found = new PathNode(DataPath.Split(path));
        var otherwise = fallback.Kind == ValueKind.Undefined ? ConstantNode.Null : Build(fallback, scope);
        return otherwise.Precedence == Precedence.Primary
            ? new VarNode(found, otherwise)
            : new AssignNode(Precedence.Binary(BinaryOperator.Coalesce, found, otherwise), AssignNode.Answer.Itself);
    }

    private IfNode? If(in Value operands, Scope scope)
    {
        if (!operands.IsArray || operands.Items.Length < 3)
        {
            return null;
        }

        var branches = BuildAll(operands.Items, scope);
        return new IfNode(branches.Length % 2 == 1 ? branches : [.. branches, ConstantNode.Null]);
    }

    private Node? Comparing(Comparison comparison, in Value operands, Scope scope)
    {
        if (!operands.IsArray || operands.Items.Length < 2)
        {
            return null;
        }

        var items = BuildAll(operands.Items, scope);
        return items is [var left, var right] ? new CompareNode(comparison, left, right) : new CompareChainNode(comparison, items);
    }

    private Node Join(Value[] items, Scope scope)
    {
        var nodes = BuildAll(items, scope);
        return nodes.All(node => node.Precedence == Precedence.Primary)
            ? new JoinNode(nodes)
            : new ParenthesesNode(nodes.Aggregate(
                (Node)new ConstantNode(Value.Of("")), (left, right) => Precedence.Binary(BinaryOperator.Add, left, right)));
    }

    private FractionalNode? Fractional(Value[] items, Scope scope)
    {
        var nodes = BuildAll(items, scope);
        return nodes.Length > 0 && nodes.Skip(1).All(node => node is ConstantNode)
            ? new FractionalNode(nodes[0], [.. nodes.Skip(1).Select(node => ((ConstantNode)node).Value)])
            : null;
    }

    private static Node OrEmpty(Node list) => Precedence.Binary(BinaryOperator.Or, list, ConstantNode.EmptyArray);

    /// <summary>Where a part stands.</summary>
    /// <param name="IsInIteration">Within a map, filter, some, all or none.</param>
    /// <param name="HasIndex">With nothing between that has no place in a list.</param>
    private readonly record struct Scope(bool IsInIteration, bool HasIndex);
}
