using System.Globalization;

namespace Nexus.Redaction;

/// <summary>
/// Payment cards: the prefix and length of an issuer, Luhn's check digit, in one piece or in groups as printed. Lengths that other
/// numbers have more often (12, 13, 17 to 19), other groups, and rows of numbers of four digits need a word of their subject.
/// </summary>
internal sealed class CardDetector : IDetector
{
    private const int Shortest = 12, Longest = 19;

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        var groups = scan.Digits;
        Span<char> digits = stackalloc char[Longest];
        for (var first = 0; first < groups.Count; first++)
        {
            if (text[groups[first].Start] is < '2' or > '6' && !text[groups[first].Start..].StartsWith("1800", StringComparison.Ordinal))
            {
                continue;
            }

            var length = 0;
            for (var last = first; last < groups.Count && length + groups[last].Length <= Longest; last++)
            {
                if (last > first && !IsGap(text[groups[last - 1].End..groups[last].Start], text[groups[first].End..groups[first + 1].Start]))
                {
                    break;
                }

                text[groups[last].Start..groups[last].End].CopyTo(digits[length..]);
                length += groups[last].Length;
                var (start, end) = (groups[first].Start, groups[last].End);
                if (length < Shortest || !IsIssued(digits[..length]) || !Checksums.Luhn(digits[..length]) || !Edges.AreFree(text, start, end) || IsDecimal(text, start, end))
                {
                    continue;
                }

                var isPlain = length is >= 14 and <= 16 && IsPrinted(groups, first, last) && !IsRow(text, groups, first, last);
                scan.Add(PiiKind.Card, start, end, isPlain ? 0.9 : scan.Speaks(Topic.Card, start, 60) ? 0.85 : 0.4);
            }
        }
    }

    private static bool IsGap(ReadOnlySpan<char> gap, ReadOnlySpan<char> firstGap) => gap is [' ' or '-' or '.'] && gap.SequenceEqual(firstGap);

    /// <summary>Part of a number with decimals.</summary>
    private static bool IsDecimal(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && text[start - 1] == '.' && (start == 1 || char.IsAsciiDigit(text[start - 2])))
        || (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]));

    /// <summary>One piece, fours, or the groups of 15 and 14 digits.</summary>
    private static bool IsPrinted(List<DigitGroup> groups, int first, int last) => (last - first) switch
    {
        0 => true,
        2 => groups[first].Length == 4 && groups[first + 1].Length == 6 && groups[last].Length is 4 or 5,
        3 => groups[first].Length == 4 && groups[first + 1].Length == 4 && groups[first + 2].Length == 4,
        _ => false,
    };

    /// <summary>Whether the groups go on: a table, not a card.</summary>
    private static bool IsRow(ReadOnlySpan<char> text, List<DigitGroup> groups, int first, int last) =>
        last > first
        && ((first > 0 && groups[first - 1].Length == 4 && groups[first].Start - groups[first - 1].End == 1 && text[groups[first].Start - 1] == text[groups[first].End])
            || (last + 1 < groups.Count && groups[last + 1].Length == 4 && groups[last + 1].Start - groups[last].End == 1 && text[groups[last].End] == text[groups[first].End]));

    /// <summary>Whether an issuer has numbers of this beginning and length.</summary>
    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        var four = int.Parse(digits[..4], CultureInfo.InvariantCulture);
        return digits.Length switch
        {
            14 => four is >= 3000 and <= 3059 or >= 3600 and <= 3699 or >= 3800 and <= 3999,
            15 => four is >= 3400 and <= 3499 or >= 3700 and <= 3799 or 2131 or 1800,
            16 => four is >= 2200 and <= 2204 or >= 2221 and <= 2720 or >= 3528 and <= 3589 or >= 4000 and <= 6999,
            12 or 17 or 18 => four is >= 5000 and <= 5099 or >= 5600 and <= 5899 or >= 6000 and <= 6999,
            13 => four is >= 4000 and <= 4999 or >= 5000 and <= 5099 or >= 5600 and <= 5899 or >= 6000 and <= 6999,
            19 => four is >= 4000 and <= 4999 or >= 5000 and <= 5099 or >= 5600 and <= 5899 or >= 6000 and <= 6999,
            _ => false,
        };
    }
}
