using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>
/// Arithmetic from left to right. A single operand that is a list stands for the operands. A result that is no finite number is null:
/// operations never fail for their input.
/// </summary>
internal static class Arithmetic
{
    public static Function Add { get; } = Fold(0, (total, number) => total + number);

    public static Function Multiply { get; } = Fold(1, (total, number) => total * number);

    public static Function Subtract { get; } = Fold(null, (total, number) => total - number, only => -only);

    public static Function Divide { get; } = Fold(null, (total, number) => total / number, _ => double.NaN);

    public static Function Remainder { get; } = Fold(null, (total, number) => total % number, _ => double.NaN);

    public static Function Min { get; } = Fold(null, Math.Min);

    public static Function Max { get; } = Fold(null, Math.Max);

    private static Function Fold(double? start, Func<double, double, double> step, Func<double, double>? ofOne = null) =>
        (operands, in data, ref evaluation) =>
        {
            if (operands is [{ IsList: true } list])
            {
                operands = list.Items;
                evaluation.Spend(operands.Length);
            }

            if (operands.IsEmpty)
            {
                return start is { } empty ? Value.From(empty) : Value.Null;
            }

            var total = Coercion.ToNumber(operands[0], ref evaluation);
            foreach (var operand in operands[1..])
            {
                total = step(total, Coercion.ToNumber(operand, ref evaluation));
            }

            total = operands.Length == 1 && ofOne is not null ? ofOne(total) : total;
            return double.IsFinite(total) ? Value.From(total) : Value.Null;
        };
}
