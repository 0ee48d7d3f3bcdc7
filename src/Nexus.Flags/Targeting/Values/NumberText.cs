using System.Globalization;
using System.Text;

namespace Nexus.Flags.Targeting.Values;

/// <summary>Numbers as text, both ways.</summary>
internal static class NumberText
{
    private const double MaxExactInteger = 9_007_199_254_740_992;
    private const int MaxPlainDigits = 21;
    private const int MaxLeadingZeros = 6;

    /// <summary>The shortest decimal that reads back as the same number, as ECMAScript's <c>Number::toString</c> writes it.</summary>
    public static string Format(double number)
    {
        if (Math.Abs(number) < MaxExactInteger && double.IsInteger(number))
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }

        var (digits, point) = Shortest(Math.Abs(number));
        var text = new StringBuilder(number < 0 ? "-" : "");
        if (point is > MaxPlainDigits or <= -MaxLeadingZeros)
        {
            text.Append(digits[0]).Append(digits.Length > 1 ? "." : "").Append(digits.AsSpan(1)).Append('e').Append(point > 0 ? '+' : '-');
            return text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(point - 1)}").ToString();
        }

        if (point <= 0)
        {
            return text.Append("0.").Append('0', -point).Append(digits).ToString();
        }

        return digits.Length <= point
            ? text.Append(digits).Append('0', point - digits.Length).ToString()
            : text.Append(digits.AsSpan(0, point)).Append('.').Append(digits.AsSpan(point)).ToString();
    }

    /// <summary>The number that a decimal text stands for, 0 for an empty one; NaN for any other text.</summary>
    public static double Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty)
        {
            return 0;
        }

        const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var isNumber = double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var number);
        return isNumber && double.IsFinite(number) ? number : double.NaN;
    }

    // The significant digits, and how many of them stand before the decimal point.
    private static (string Digits, int Point) Shortest(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), (dot < 0 ? mantissa.Length : dot) + exponent - (all.Length - digits.Length));
    }
}
