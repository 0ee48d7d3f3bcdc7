using System.Collections.Frozen;
using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>The operations of a targeting: JsonLogic's and flagd's, as flagd's schema lists them.</summary>
internal static class Operators
{
    public const string Reference = "$ref";
    public const string Fractional = "fractional";

    /// <summary>Operations that are given their operands as they stand.</summary>
    private static readonly FrozenSet<string> _lazy =
        new[] { "if", "?:", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "and", "or", "map", "filter", "some", "all", "none", "reduce" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Operations over one value: a list of one operand is that operand.</summary>
    private static readonly FrozenSet<string> _unary = new[] { "+", "-", "!", "!!", "cat", "var" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> _known =
        _lazy.Concat(_unary).Concat(["*", "/", "%", "min", "max", "in", "substr", "merge", "missing", "missing_some", Fractional, "starts_with", "ends_with", "sem_ver"]).ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string name) => _known.Contains(name);

    public static bool IsLazy(string name) => _lazy.Contains(name);

    public static bool IsUnary(string name) => _unary.Contains(name);

    public static Comparison? ComparisonOf(string name) => name switch
    {
        "<" => Comparison.Less,
        "<=" => Comparison.LessOrEqual,
        ">" => Comparison.Greater,
        ">=" => Comparison.GreaterOrEqual,
        "==" => Comparison.Equal,
        "!=" => Comparison.NotEqual,
        "===" => Comparison.StrictlyEqual,
        "!==" => Comparison.StrictlyNotEqual,
        _ => null,
    };

    public static Arithmetic? ArithmeticOf(string name) => name switch
    {
        "+" => Arithmetic.Add,
        "-" => Arithmetic.Subtract,
        "*" => Arithmetic.Multiply,
        "/" => Arithmetic.Divide,
        "%" => Arithmetic.Remainder,
        _ => null,
    };

    /// <summary>An operation over values as the engine calls it; not of a lazy one.</summary>
    public static Function FunctionOf(string name) => name switch
    {
        "+" => InterpretedArithmetic.Add,
        "-" => InterpretedArithmetic.Subtract,
        "*" => InterpretedArithmetic.Multiply,
        "/" => InterpretedArithmetic.Divide,
        "%" => InterpretedArithmetic.Remainder,
        "!" => Functions.Not,
        "!!" => Functions.Truthy,
        "cat" => Functions.Cat,
        "in" => Functions.In,
        "max" => Functions.Max,
        "min" => Functions.Min,
        "merge" => Functions.Merge,
        "substr" => Functions.Substr,
        "missing" => Functions.Missing,
        "missing_some" => Functions.MissingSome,
        "starts_with" => FlagdFunctions.StartsWith,
        "ends_with" => FlagdFunctions.EndsWith,
        "sem_ver" => FlagdFunctions.SemVer,
        Fractional => Nodes.Fractional.Call,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "This is no function."),
    };
}
