using System.Buffers.Text;
using System.Globalization;

namespace Nexus.Merkle;

/// <summary>Formats and parses numbers as required by RFC 8785: the shortest decimal that round-trips, in ECMAScript layout.</summary>
public static class CanonicalNumber
{
    /// <summary>The maximum length in bytes of the text <see cref="Format"/> writes.</summary>
    public const int MaxLength = 32;

    private const double MaxExact = 9_007_199_254_740_992; // 2^53
    private const double FirstWithExponent = 1e21;

    /// <summary>
    /// Parses a JSON number literal. Returns false if a double cannot hold the value (1e400), or if it is an integer beyond
    /// ±2^53, which would lose precision. This covers integers written in digits and those that <see cref="Format"/> would write
    /// in digits, so canonical text always parses again.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> literal, out double value)
    {
        if (!double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value))
        {
            return false;
        }

        return IsDigits(literal) ? IsExactInteger(literal) : IsExact(value);
    }

    /// <summary>Returns whether the value is finite and, if it is formatted as plain digits, within ±2^53.</summary>
    public static bool IsExact(double value) =>
        double.IsFinite(value) && (Math.Abs(value) is <= MaxExact or >= FirstWithExponent || Math.Floor(value) != value);

    /// <summary>
    /// Formats a finite number and returns the number of bytes written. The destination must have room for
    /// <see cref="MaxLength"/> bytes.
    /// </summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException("A number that is not finite has no JSON text.");
        }

        if (value == 0) // also -0
        {
            destination[0] = (byte)'0';
            return 1;
        }

        Span<byte> digits = stackalloc byte[MaxLength];
        var exponent = ShortestDigits(Math.Abs(value), ref digits);
        var written = 0;
        if (value < 0)
        {
            destination[written++] = (byte)'-';
        }

        return written + Lay(digits, exponent, destination[written..]);
    }

    internal static bool IsDigits(ReadOnlySpan<byte> literal) => !literal.ContainsAny(".eE"u8);

    // Compares the digits as an integer: as a double, 2^53 + 1 equals 2^53.
    internal static bool IsExactInteger(ReadOnlySpan<byte> literal) =>
        Utf8Parser.TryParse(literal, out long whole, out var used) && used == literal.Length && whole is >= -(1L << 53) and <= 1L << 53;

    // Returns n and the digits such that value = 0.d1d2d3… × 10^n, as in ECMAScript's Number::toString.
    private static int ShortestDigits(double value, ref Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        if (IsPowerOfTwo(value) && double.Parse(text[..length], CultureInfo.InvariantCulture) != value)
        {
            // .NET 10 formats 2^-25 and 2^-958 one digit too short, so they parse as another double. All other powers of two are right.
            value.TryFormat(text, out length, "E16", CultureInfo.InvariantCulture);
        }

        text = text[..length];

        var exponent = 0;
        var mark = text.IndexOf((byte)'E');
        if (mark >= 0)
        {
            exponent = int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }

        var point = text.IndexOf((byte)'.');
        exponent += point < 0 ? text.Length : point;
        var count = 0;
        foreach (var symbol in text)
        {
            if (symbol == '.')
            {
                continue;
            }

            if (count == 0 && symbol == '0')
            {
                exponent--;
                continue;
            }

            digits[count++] = symbol;
        }

        digits = digits[..count].TrimEnd((byte)'0');
        return exponent;
    }

    private static bool IsPowerOfTwo(double value) => (BitConverter.DoubleToUInt64Bits(value) & 0xF_FFFF_FFFF_FFFF) == 0;

    private static int Lay(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        var count = digits.Length;
        if (exponent is > 0 and <= 21)
        {
            if (count <= exponent) // 1200
            {
                digits.CopyTo(destination);
                destination[count..exponent].Fill((byte)'0');
                return exponent;
            }

            digits[..exponent].CopyTo(destination); // 12.34
            destination[exponent] = (byte)'.';
            digits[exponent..].CopyTo(destination[(exponent + 1)..]);
            return count + 1;
        }

        if (exponent is > -6 and <= 0) // 0.0012
        {
            destination[..(2 - exponent)].Fill((byte)'0');
            destination[1] = (byte)'.';
            digits.CopyTo(destination[(2 - exponent)..]);
            return 2 - exponent + count;
        }

        var written = 0; // 1.2e+30
        destination[written++] = digits[0];
        if (count > 1)
        {
            destination[written++] = (byte)'.';
            digits[1..].CopyTo(destination[written..]);
            written += count - 1;
        }

        destination[written++] = (byte)'e';
        destination[written++] = exponent > 0 ? (byte)'+' : (byte)'-';
        Utf8Formatter.TryFormat(Math.Abs(exponent - 1), destination[written..], out var power);
        return written + power;
    }
}
