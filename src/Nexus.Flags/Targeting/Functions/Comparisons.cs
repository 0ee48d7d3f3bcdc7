using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>
/// Comparisons hold if they hold for each pair of neighbours, so that three operands of <c>&lt;</c> test for a range. A missing operand
/// is null.
/// </summary>
internal static class Comparisons
{
    private delegate bool Pair(in Value left, in Value right, ref Evaluation evaluation);

    public static Function Equal { get; } = Each(Coercion.AreLooselyEqual);

    public static Function NotEqual { get; } =
        Each(static (in left, in right, ref evaluation) => !Coercion.AreLooselyEqual(left, right, ref evaluation));

    public static Function StrictlyEqual { get; } = Each(Coercion.AreStrictlyEqual);

    public static Function StrictlyNotEqual { get; } =
        Each(static (in left, in right, ref evaluation) => !Coercion.AreStrictlyEqual(left, right, ref evaluation));

    public static Function Less { get; } = Each(static (in left, in right, ref evaluation) => Order(left, right, ref evaluation) < 0);

    public static Function LessOrEqual { get; } =
        Each(static (in left, in right, ref evaluation) => Order(left, right, ref evaluation) <= 0);

    public static Function Greater { get; } = Each(static (in left, in right, ref evaluation) => Order(left, right, ref evaluation) > 0);

    public static Function GreaterOrEqual { get; } =
        Each(static (in left, in right, ref evaluation) => Order(left, right, ref evaluation) >= 0);

    private static Function Each(Pair holds) => (operands, in data, ref evaluation) =>
    {
        for (var index = 1; index < operands.Length; index++)
        {
            if (!holds(operands[index - 1], operands[index], ref evaluation))
            {
                return Value.From(false);
            }
        }

        return Value.From(operands.Length > 1 || holds(operands.Length > 0 ? operands[0] : Value.Null, Value.Null, ref evaluation));
    };

    // Two texts by their characters, anything else by its number. Null for what has no order: a comparison with it never holds.
    private static int? Order(in Value left, in Value right, ref Evaluation evaluation)
    {
        if (left.IsText && right.IsText)
        {
            evaluation.SpendText(Math.Min(left.Text.Length, right.Text.Length));
            return string.CompareOrdinal(left.Text, right.Text);
        }

        var (first, second) = (Coercion.ToNumber(left, ref evaluation), Coercion.ToNumber(right, ref evaluation));
        return double.IsNaN(first) || double.IsNaN(second) ? null : first.CompareTo(second);
    }
}
