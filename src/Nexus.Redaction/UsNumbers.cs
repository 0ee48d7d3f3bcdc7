using System.Globalization;

namespace Nexus.Redaction;

/// <summary>The form that social security and taxpayer numbers of the United States share: nine digits, 3-2-4 with hyphens, spaces, dots, or in one piece.</summary>
internal static class UsNumbers
{
    /// <summary>Adds the numbers of a form whose parts are given out.</summary>
    /// <param name="scan">The text.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="topic">What a word nearby must speak of where there are no hyphens.</param>
    /// <param name="hyphenated">The score of a number with hyphens.</param>
    /// <param name="isGivenOut">Whether area, group and serial are.</param>
    public static void Find(Scan scan, PiiKind kind, Topic topic, double hyphenated, Func<int, int, int, bool> isGivenOut)
    {
        var text = scan.Text;
        var groups = scan.Digits;
        for (var index = 0; index < groups.Count; index++)
        {
            var first = groups[index];
            int start = first.Start, end, area, group, serial;
            var isHyphenated = false;
            if (first.Length == 9)
            {
                end = first.End;
                (area, group, serial) = (Value(text[start..(start + 3)]), Value(text[(start + 3)..(start + 5)]), Value(text[(start + 5)..end]));
            }
            else if (first.Length == 3 && index + 2 < groups.Count && groups[index + 1].Length == 2 && groups[index + 2].Length == 4 && IsGap(text, first, groups[index + 1], groups[index + 2]))
            {
                end = groups[index + 2].End;
                isHyphenated = text[first.End] == '-';
                (area, group, serial) = (Value(text[start..first.End]), Value(text[groups[index + 1].Start..groups[index + 1].End]), Value(text[groups[index + 2].Start..end]));
            }
            else
            {
                continue;
            }

            if (isGivenOut(area, group, serial) && Edges.AreFreeOfNumbers(text, start, end))
            {
                scan.Add(kind, start, end, isHyphenated ? hyphenated : scan.Speaks(topic, start) ? 0.8 : 0.3);
            }
        }
    }

    private static bool IsGap(ReadOnlySpan<char> text, DigitGroup one, DigitGroup two, DigitGroup three) =>
        two.Start - one.End == 1 && three.Start - two.End == 1 && text[one.End] == text[two.End] && text[one.End] is '-' or ' ' or '.';

    private static int Value(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
