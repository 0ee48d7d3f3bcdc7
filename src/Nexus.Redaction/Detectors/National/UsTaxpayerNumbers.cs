using System.Globalization;
using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.National;

/// <summary>
/// The format that US social security and taxpayer numbers share: nine digits in one piece, or 3-2-4 with hyphens, spaces or dots.
/// </summary>
internal static class UsTaxpayerNumbers
{
    /// <summary>Adds all numbers whose parts are issued.</summary>
    /// <param name="scan">The text.</param>
    /// <param name="kind">The kind of the numbers.</param>
    /// <param name="context">The context that numbers without hyphens need.</param>
    /// <param name="hyphenatedScore">The score of a number with hyphens.</param>
    /// <param name="isIssued">Whether a combination of area, group and serial is issued.</param>
    public static void Find(TextScan scan, PiiKind kind, ContextKind context, double hyphenatedScore, Func<int, int, int, bool> isIssued)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        for (var index = 0; index < groups.Count; index++)
        {
            var first = groups[index];
            int start = first.Start, end, area, group, serial;
            var isHyphenated = false;
            if (first.Length == 9)
            {
                end = first.End;
                area = Value(text[start..(start + 3)]);
                group = Value(text[(start + 3)..(start + 5)]);
                serial = Value(text[(start + 5)..end]);
            }
            else if (first.Length == 3
                && index + 2 < groups.Count
                && groups[index + 1].Length == 2
                && groups[index + 2].Length == 4
                && AreSeparatedAlike(text, first, groups[index + 1], groups[index + 2]))
            {
                end = groups[index + 2].End;
                isHyphenated = text[first.End] == '-';
                area = Value(text[start..first.End]);
                group = Value(text[groups[index + 1].Start..groups[index + 1].End]);
                serial = Value(text[groups[index + 2].Start..end]);
            }
            else
            {
                continue;
            }

            if (isIssued(area, group, serial) && WordBoundary.IsStandaloneNumber(text, start, end))
            {
                scan.Add(kind, start, end, isHyphenated ? hyphenatedScore : scan.HasContext(context, start) ? 0.8 : 0.3);
            }
        }
    }

    private static bool AreSeparatedAlike(ReadOnlySpan<char> text, DigitGroup one, DigitGroup two, DigitGroup three) =>
        two.Start - one.End == 1 && three.Start - two.End == 1 && text[one.End] == text[two.End] && text[one.End] is '-' or ' ' or '.';

    private static int Value(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
