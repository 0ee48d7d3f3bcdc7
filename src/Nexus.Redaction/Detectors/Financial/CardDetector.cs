using System.Globalization;
using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Financial;

/// <summary>
/// Payment card numbers: an issuer's prefix and length and the Luhn check digit, in one piece or grouped as printed. Lengths that are
/// more common for other numbers (12, 13, 17 to 19), other groupings, and rows of groups of four need a context word.
/// </summary>
internal sealed class CardDetector : IDetector
{
    private const int MinLength = 12, MaxLength = 19;

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        Span<char> digits = stackalloc char[MaxLength];
        for (var first = 0; first < groups.Count; first++)
        {
            if (text[groups[first].Start] is < '2' or > '6' && !text[groups[first].Start..].StartsWith("1800", StringComparison.Ordinal))
            {
                continue;
            }

            var length = 0;
            for (var last = first; last < groups.Count && length + groups[last].Length <= MaxLength; last++)
            {
                if (last > first
                    && !IsSeparator(text[groups[last - 1].End..groups[last].Start], text[groups[first].End..groups[first + 1].Start]))
                {
                    break;
                }

                text[groups[last].Start..groups[last].End].CopyTo(digits[length..]);
                length += groups[last].Length;
                var (start, end) = (groups[first].Start, groups[last].End);
                if (length < MinLength
                    || !IsIssued(digits[..length])
                    || !Checksums.PassesLuhn(digits[..length])
                    || !WordBoundary.IsStandalone(text, start, end)
                    || IsPartOfDecimal(text, start, end))
                {
                    continue;
                }

                var isPlain = length is >= 14 and <= 16 && IsPrintedGrouping(groups, first, last) && !IsTableRow(text, groups, first, last);
                scan.Add(PiiKind.Card, start, end, isPlain ? 0.9 : scan.HasContext(ContextKind.Card, start, 60) ? 0.85 : 0.4);
            }
        }
    }

    /// <summary>Whether a gap is one space, hyphen or dot, the same as between the first two groups.</summary>
    private static bool IsSeparator(ReadOnlySpan<char> gap, ReadOnlySpan<char> firstGap) =>
        gap is [' ' or '-' or '.'] && gap.SequenceEqual(firstGap);

    /// <summary>Whether digits are the integer or the fractional part of a decimal number.</summary>
    private static bool IsPartOfDecimal(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && text[start - 1] == '.' && (start == 1 || char.IsAsciiDigit(text[start - 2])))
        || (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]));

    /// <summary>Whether the groups are those printed on cards: a single one, fours, or 4-6-5 and 4-6-4.</summary>
    private static bool IsPrintedGrouping(List<DigitGroup> groups, int first, int last) => (last - first) switch
    {
        0 => true,
        2 => groups[first].Length == 4 && groups[first + 1].Length == 6 && groups[last].Length is 4 or 5,
        3 => groups[first].Length == 4 && groups[first + 1].Length == 4 && groups[first + 2].Length == 4,
        _ => false,
    };

    /// <summary>Whether groups of four continue before or after, with the same separator: a table rather than a card.</summary>
    private static bool IsTableRow(ReadOnlySpan<char> text, List<DigitGroup> groups, int first, int last) =>
        last > first
        && ((first > 0 && groups[first - 1].Length == 4 && AreSeparatedBy(text[groups[first].End], text, groups[first - 1], groups[first]))
            || (last + 1 < groups.Count
                && groups[last + 1].Length == 4
                && AreSeparatedBy(text[groups[first].End], text, groups[last], groups[last + 1])));

    private static bool AreSeparatedBy(char separator, ReadOnlySpan<char> text, DigitGroup left, DigitGroup right) =>
        right.Start - left.End == 1 && text[left.End] == separator;

    /// <summary>Whether any issuer uses this prefix with this length.</summary>
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
