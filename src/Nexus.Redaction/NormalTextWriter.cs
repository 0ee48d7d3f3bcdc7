using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nexus.Redaction;

/// <summary>
/// Writes a normalised text and where each of its characters came from. Escapes are decoded at the end of what is written, so that
/// one that another escape completes (<c>%2540</c>) is decoded too; each decoding shortens the text, so all of them together are linear.
/// </summary>
internal sealed class NormalTextWriter(int capacity)
{
    /// <summary>What a placeholder is read as.</summary>
    public const char PlaceholderMark = '\uFFFC';

    private const int LongestEntity = 10;

    /// <summary>The text, up to <see cref="Length"/>.</summary>
    public char[] Chars { get; private set; } = new char[capacity];

    /// <summary>For each character, where its original begins.</summary>
    public int[] Starts { get; private set; } = new int[capacity];

    /// <summary>For each character, where its original ends.</summary>
    public int[] Ends { get; private set; } = new int[capacity];

    /// <summary>How many characters.</summary>
    public int Length { get; private set; }

    /// <summary>Reads a whole text.</summary>
    public static NormalTextWriter Read(string original)
    {
        var writer = new NormalTextWriter(original.Length + 4);
        for (var at = 0; at < original.Length;)
        {
            if (original[at] == '[' && Placeholder.LengthAt(original.AsSpan(at)) is > 0 and var length)
            {
                writer.Put(PlaceholderMark, at, at + length);
                at += length;
                continue;
            }

            if (Rune.DecodeFromUtf16(original.AsSpan(at), out var rune, out var units) != OperationStatus.Done)
            {
                writer.Put(original[at], at, at + 1); // half of a pair: nothing is read into it
                at++;
                continue;
            }

            writer.Add(rune, at, at + units);
            at += units;
        }

        return writer;
    }

    private void Add(Rune rune, int start, int end)
    {
        if (rune.Value >= 0x80 && UnicodeFolds.TryFold(rune.Value, out var replacement))
        {
            foreach (var unit in replacement)
            {
                Decode(unit, start, end);
            }
        }
        else if (rune.IsBmp)
        {
            Decode((char)rune.Value, start, end);
        }
        else
        {
            Span<char> pair = stackalloc char[2];
            rune.EncodeToUtf16(pair);
            Put(pair[0], start, end);
            Put(pair[1], start, end);
        }
    }

    /// <summary>Writes a character, and as long as it completes an escape, what that stands for.</summary>
    private void Decode(char unit, int start, int end)
    {
        while (true)
        {
            Put(unit, start, end);
            var (from, rune) = unit == ';' ? Entity() : char.IsAsciiHexDigit(unit) ? Percent() : (-1, default);
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
                        Put(other, start, end);
                    }

                    return;
                }

                if (replacement.Length != 1)
                {
                    foreach (var other in replacement) // ligatures and the like: no part of an escape
                    {
                        Put(other, start, end);
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

    /// <summary>The percent escape that the text ends with: where it begins (-1: none) and what it means. UTF-8 takes up to four of them.</summary>
    private (int From, Rune Rune) Percent()
    {
        if (ByteBefore(Length) is not { } last)
        {
            return (-1, default);
        }

        if (last < 0x80)
        {
            return (Length - 3, new Rune(last));
        }

        Span<byte> bytes = stackalloc byte[4];
        bytes[3] = last;
        for (var count = 2; count <= 4 && ByteBefore(Length - (3 * (count - 1))) is { } earlier; count++)
        {
            bytes[4 - count] = earlier;
            if (Rune.DecodeFromUtf8(bytes[(4 - count)..], out var rune, out var used) == OperationStatus.Done && used == count)
            {
                return (Length - (3 * count), rune);
            }
        }

        return (-1, default);
    }

    private byte? ByteBefore(int end) =>
        end >= 3 && Chars[end - 3] == '%' && char.IsAsciiHexDigit(Chars[end - 2]) && char.IsAsciiHexDigit(Chars[end - 1])
            ? byte.Parse(Chars.AsSpan(end - 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;

    private (int From, Rune Rune) Entity()
    {
        var reach = Math.Max(0, Length - LongestEntity);
        var from = Chars.AsSpan(reach, Length - reach).LastIndexOf('&');
        if (from < 0)
        {
            return (-1, default);
        }

        from += reach;
        var name = Chars.AsSpan(from + 1, Length - from - 2);
        var value = name switch
        {
            ['#', 'x' or 'X', .. var hex] => int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? code : -1,
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

    private void Put(char unit, int start, int end)
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
