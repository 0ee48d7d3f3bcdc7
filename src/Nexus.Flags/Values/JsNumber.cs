using System.Globalization;

namespace Nexus.Flags.Values;

/// <summary>Text to number as JavaScript does it (ECMA-262, StringToNumber).</summary>
internal static class JsNumber
{
    public static double Parse(ReadOnlySpan<char> text)
    {
        text = Trim(text);
        if (text.IsEmpty)
        {
            return 0;
        }

        if (text.Length > 2 && text[0] == '0' && char.ToLowerInvariant(text[1]) is var prefix and ('x' or 'o' or 'b'))
        {
            return Digits(text[2..], prefix switch { 'x' => 16, 'o' => 8, _ => 2 });
        }

        var unsigned = text[0] is '+' or '-' ? text[1..] : text;
        if (unsigned.SequenceEqual("Infinity"))
        {
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        return IsDecimal(unsigned) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
    }

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    // .NET counts U+0085 as white space and U+FEFF not; JavaScript the other way round.
    private static bool IsSpace(char character) =>
        character == '\uFEFF' || (character != '\u0085' && char.IsWhiteSpace(character));

    private static bool IsDecimal(ReadOnlySpan<char> text)
    {
        var whole = CountDigits(text);
        text = text[whole..];
        var fraction = 0;
        if (!text.IsEmpty && text[0] == '.')
        {
            fraction = CountDigits(text[1..]);
            text = text[(fraction + 1)..];
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ('e' or 'E'))
        {
            return false;
        }

        text = text[1..];
        text = !text.IsEmpty && text[0] is '+' or '-' ? text[1..] : text;
        return !text.IsEmpty && CountDigits(text) == text.Length;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        return count < 0 ? text.Length : count;
    }

    private static double Digits(ReadOnlySpan<char> text, int radix)
    {
        double number = 0;
        foreach (var character in text)
        {
            var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return double.NaN;
            }

            number = (number * radix) + digit;
        }

        return number;
    }
}
