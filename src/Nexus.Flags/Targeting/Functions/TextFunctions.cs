using System.Text;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>JsonLogic's <c>cat</c> and <c>substr</c>, flagd's <c>starts_with</c> and <c>ends_with</c>.</summary>
internal static class TextFunctions
{
    public static Value Cat(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        if (operands is [{ IsText: true }, { IsText: true }])
        {
            evaluation.SpendText(operands[0].Text.Length + operands[1].Text.Length);
            return Value.From(string.Concat(operands[0].Text, operands[1].Text));
        }

        var text = new StringBuilder();
        foreach (var operand in operands)
        {
            var part = Coercion.ToText(operand, ref evaluation);
            evaluation.SpendText(part.Length);
            text.Append(part);
        }

        return Value.From(text.ToString());
    }

    /// <summary>
    /// Text, start and optional length. A negative start counts from the end, a negative length leaves that many characters off.
    /// </summary>
    public static Value Substr(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        var text = operands.Length > 0 ? Coercion.ToText(operands[0], ref evaluation) : "";
        var start = operands.Length > 1 ? Truncate(operands[1], ref evaluation) : 0;
        start = Math.Clamp(start < 0 ? text.Length + start : start, 0, text.Length);
        var length = operands.Length > 2 && !operands[2].IsNull ? Truncate(operands[2], ref evaluation) : text.Length;
        var end = Math.Clamp(length < 0 ? text.Length + length : start + length, start, text.Length);
        evaluation.SpendText((int)(end - start));
        return Value.From(text[(int)start..(int)end]);
    }

    public static Value StartsWith(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation) =>
        AreTwoTexts(operands, ref evaluation)
            ? Value.From(operands[0].Text.StartsWith(operands[1].Text, StringComparison.Ordinal))
            : Value.Null;

    public static Value EndsWith(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation) =>
        AreTwoTexts(operands, ref evaluation)
            ? Value.From(operands[0].Text.EndsWith(operands[1].Text, StringComparison.Ordinal))
            : Value.Null;

    private static bool AreTwoTexts(scoped ReadOnlySpan<Value> operands, ref Evaluation evaluation)
    {
        if (operands is [{ IsText: true }, { IsText: true } affix])
        {
            evaluation.SpendText(affix.Text.Length);
            return true;
        }

        evaluation.Trace?.Remark("needs two strings");
        return false;
    }

    private static double Truncate(in Value value, ref Evaluation evaluation)
    {
        var number = Coercion.ToNumber(value, ref evaluation);
        return double.IsNaN(number) ? 0 : Math.Truncate(number);
    }
}
