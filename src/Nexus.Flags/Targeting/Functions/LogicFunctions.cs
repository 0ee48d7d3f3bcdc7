using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary><c>!</c> and <c>!!</c>.</summary>
internal static class LogicFunctions
{
    public static Value Not(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation) =>
        Value.From(operands.IsEmpty || !Coercion.IsTruthy(operands[0]));

    public static Value IsTruthy(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation) =>
        Value.From(!operands.IsEmpty && Coercion.IsTruthy(operands[0]));
}
