using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nexus.Redaction.Text;

/// <summary>
/// Builds a normalized text and the map from its characters to the original. Escapes are decoded at the end of the output, so that
/// nested ones (<c>%2540</c>) are decoded too. Each decoding shortens the output, so the whole takes linear time.
/// </summary>
internal sealed class NormalizedTextBuilder(int capacity)
{
    /// <summary>The character that stands for a placeholder.</summary>
    public const char PlaceholderMark = '\uFFFC';

    private const int MaxEntityLength = 10;

    /// <summary>The output; only the first <see cref="Length"/> characters count.</summary>
    public char[] Chars { get; private set; } = new char[capacity];

    /// <summary>For each character of the output, the start of its original.</summary>
    public int[] Starts { get; private set; } = new int[capacity];

    /// <summary>For each character of the output, the end of its original, exclusive.</summary>
    public int[] Ends { get; private set; } = new int[capacity];

    /// <summary>The length of the output.</summary>
    public int Length { get; private set; }

    /// <summary>Normalizes a whole text.</summary>
    public static NormalizedTextBuilder Build(string original)
    {
        var builder = new NormalizedTextBuilder(original.Length + 4);
        for (var at = 0; at < original.Length;)
        {
            if (original[at] == '[' && Placeholder.LengthAt(original.AsSpan(at)) is > 0 and var length)
            {
                builder.Append(PlaceholderMark, at, at + length);
                at += length;
                continue;
            }

            if (Rune.DecodeFromUtf16(original.AsSpan(at), out var rune, out var units) != OperationStatus.Done)
            {
                builder.Append(original[at], at, at + 1); // an unpaired surrogate stays as it is
                at++;
                continue;
            }

            builder.AppendFolded(rune, at, at + units);
            at += units;
        }

        return builder;
    }

    private void AppendFolded(Rune rune, int start, int end)
    {
        if (rune.Value >= 0x80 && UnicodeFolds.TryFold(rune.Value, out var replacement))
        {
            foreach (var unit in replacement)
            {
                AppendDecoded(unit, start, end);
            }
        }
        else if (rune.IsBmp)
        {
            AppendDecoded((char)rune.Value, start, end);
        }
        else
        {
            Span<char> pair = stackalloc char[2];
            rune.EncodeToUtf16(pair);
            Append(pair[0], start, end);
            Append(pair[1], start, end);
        }
    }

    /// <summary>Appends a character. While it completes an escape, replaces the escape with the character that it encodes.</summary>
    private void AppendDecoded(char unit, int start, int end)
    {
        while (true)
        {
            Append(unit, start, end);
            var (from, rune) = unit == ';' ? DecodeEntity() : char.IsAsciiHexDigit(unit) ? DecodePercent() : (-1, default);
            if (from < 0)
            {
                return;
            }

            (start, Length) = (Starts[from], from);
            if (rune.Value >= 0x80)
            {
                if (!UnicodeFolds.TryFold(rune.Value, out var replacement))
                {
                    Span<char> units = stackalloc char[2];
                    foreach (var other in units[..rune.EncodeToUtf16(units)])
                    {
                        Append(other, start, end);
                    }

                    return;
                }

                if (replacement.Length != 1)
                {
                    foreach (var other in replacement) // a ligature, which is never part of an escape
                    {
                        Append(other, start, end);
                    }

                    return;
                }

                unit = replacement[0];
            }
            else
            {
                unit = rune.Value is < 0x20 and not ('\t' or '\n' or '\r') ? ' ' : (char)rune.Value;
            }
        }
    }

    /// <summary>Decodes the percent escape at the end of the output: up to four bytes of UTF-8. From is -1 if there is none.</summary>
    private (int From, Rune Rune) DecodePercent()
    {
        if (PercentByteBefore(Length) is not { } last)
        {
            return (-1, default);
        }

        if (last < 0x80)
        {
            return (Length - 3, new Rune(last));
        }

        Span<byte> bytes = stackalloc byte[4];
        bytes[3] = last;
        for (var count = 2; count <= 4 && PercentByteBefore(Length - (3 * (count - 1))) is { } earlier; count++)
        {
            bytes[4 - count] = earlier;
            if (Rune.DecodeFromUtf8(bytes[(4 - count)..], out var rune, out var used) == OperationStatus.Done && used == count)
            {
                return (Length - (3 * count), rune);
            }
        }

        return (-1, default);
    }

    private byte? PercentByteBefore(int end) =>
        end >= 3 && Chars[end - 3] == '%' && char.IsAsciiHexDigit(Chars[end - 2]) && char.IsAsciiHexDigit(Chars[end - 1])
            ? byte.Parse(Chars.AsSpan(end - 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;

    private (int From, Rune Rune) DecodeEntity()
    {
        var reach = Math.Max(0, Length - MaxEntityLength);
        var from = Chars.AsSpan(reach, Length - reach).LastIndexOf('&');
        if (from < 0)
        {
            return (-1, default);
        }

        from += reach;
        var name = Chars.AsSpan(from + 1, Length - from - 2);
        var value = name switch
        {
            ['#', 'x' or 'X', .. var hex] =>
                int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? code : -1,
            ['#', .. var digits] => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : -1,
            "commat" => '@',
            "period" => '.',
            "colon" => ':',
            "plus" => '+',
            "sol" => '/',
            "lowbar" => '_',
            "hyphen" or "dash" => '-',
            "lpar" => '(',
            "rpar" => ')',
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" or "Tab" or "NewLine" => ' ',
            "shy" => 0xAD,
            _ => -1,
        };
        return Rune.IsValid(value) ? (from, new Rune(value)) : (-1, default);
    }

    private void Append(char unit, int start, int end)
    {
        if (Length == Chars.Length)
        {
            var size = Length * 2;
            var (chars, starts, ends) = (Chars, Starts, Ends);
            Array.Resize(ref chars, size);
            Array.Resize(ref starts, size);
            Array.Resize(ref ends, size);
            (Chars, Starts, Ends) = (chars, starts, ends);
        }

        (Chars[Length], Starts[Length], Ends[Length]) = (unit, start, end);
        Length++;
    }
}
