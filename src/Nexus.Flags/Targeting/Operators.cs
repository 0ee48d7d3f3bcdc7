using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Nexus.Flags.Targeting.Functions;
using Nexus.Flags.Targeting.Nodes;

namespace Nexus.Flags.Targeting;

/// <summary>The operations of a targeting: JsonLogic's and flagd's, as flagd's schema lists them, and <c>?:</c>.</summary>
internal static class Operators
{
    public const string Reference = "$ref";
    public const string Fractional = "fractional";

    private static readonly FrozenDictionary<string, Func<Node[], Node>> _factories = new Dictionary<string, Func<Node[], Node>>
    {
        ["var"] = operands => new VarNode(operands),
        ["missing"] = Call(ListFunctions.Missing),
        ["missing_some"] = Call(ListFunctions.MissingSome),
        ["if"] = operands => new IfNode(operands),
        ["?:"] = operands => new IfNode(operands),
        ["and"] = operands => new LogicalNode(decidedBy: false, operands),
        ["or"] = operands => new LogicalNode(decidedBy: true, operands),
        ["!"] = Call(LogicFunctions.Not),
        ["!!"] = Call(LogicFunctions.IsTruthy),
        ["=="] = Call(Comparisons.Equal),
        ["==="] = Call(Comparisons.StrictlyEqual),
        ["!="] = Call(Comparisons.NotEqual),
        ["!=="] = Call(Comparisons.StrictlyNotEqual),
        ["<"] = Call(Comparisons.Less),
        ["<="] = Call(Comparisons.LessOrEqual),
        [">"] = Call(Comparisons.Greater),
        [">="] = Call(Comparisons.GreaterOrEqual),
        ["+"] = Call(Arithmetic.Add),
        ["-"] = Call(Arithmetic.Subtract),
        ["*"] = Call(Arithmetic.Multiply),
        ["/"] = Call(Arithmetic.Divide),
        ["%"] = Call(Arithmetic.Remainder),
        ["min"] = Call(Arithmetic.Min),
        ["max"] = Call(Arithmetic.Max),
        ["cat"] = Call(TextFunctions.Cat),
        ["substr"] = Call(TextFunctions.Substr),
        ["in"] = Call(ListFunctions.In),
        ["merge"] = Call(ListFunctions.Merge),
        ["map"] = operands => new IterationNode(Iteration.Map, operands),
        ["filter"] = operands => new IterationNode(Iteration.Filter, operands),
        ["all"] = operands => new IterationNode(Iteration.All, operands),
        ["some"] = operands => new IterationNode(Iteration.Some, operands),
        ["none"] = operands => new IterationNode(Iteration.None, operands),
        ["reduce"] = operands => new ReduceNode(operands),
        ["starts_with"] = Call(TextFunctions.StartsWith),
        ["ends_with"] = Call(TextFunctions.EndsWith),
        ["sem_ver"] = Call(SemVerFunction.Compare),
        [Fractional] = operands => new FractionalNode(operands),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What makes an operation of its operands; false for an unknown one.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Func<Node[], Node>? create) => _factories.TryGetValue(name, out create);

    /// <summary>How many operands an operation cannot do without.</summary>
    public static int MinOperands(string name) => name is "map" or "filter" or "all" or "some" or "none" or "reduce" ? 2 : 0;

    private static Func<Node[], Node> Call(Function function) => operands => new FunctionNode(function, operands);
}
