using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.National;

/// <summary>
/// UK national insurance numbers: an issued prefix of two letters, six digits, and a letter from A to D, with spaces as printed.
/// In lower case, or with a prefix that is not issued (as in examples), they need a context word.
/// </summary>
internal sealed class NinoDetector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        for (var index = 0; index < groups.Count; index++)
        {
            var last = index;
            if (groups[index].Length == 2 && index + 2 < groups.Count && groups[index + 1].Length == 2 && groups[index + 2].Length == 2
                && text[groups[index].End..groups[index + 1].Start] is [' ' or '-']
                && text[groups[index + 1].End..groups[index + 2].Start] is [' ' or '-'])
            {
                last = index + 2;
            }
            else if (groups[index].Length != 6)
            {
                continue;
            }

            var start = SkipSpace(text, groups[index].Start - 1, -1) - 1;
            var suffix = SkipSpace(text, groups[last].End, 1);
            if (start < 0
                || suffix >= text.Length
                || !char.IsAsciiLetter(text[start])
                || !char.IsAsciiLetter(text[start + 1])
                || char.ToUpperInvariant(text[suffix]) is < 'A' or > 'D'
                || !WordBoundary.IsStandalone(text, start, suffix + 1))
            {
                continue;
            }

            var isPlain = char.IsAsciiLetterUpper(text[start])
                && char.IsAsciiLetterUpper(text[start + 1])
                && char.IsAsciiLetterUpper(text[suffix])
                && IsIssuedPrefix(text[start], text[start + 1]);
            scan.Add(PiiKind.Nino, start, suffix + 1, scan.HasContext(ContextKind.Nino, start) ? 0.9 : isPlain ? 0.6 : 0.3);
        }
    }

    private static int SkipSpace(ReadOnlySpan<char> text, int at, int step) =>
        at >= 0 && at < text.Length && text[at] == ' ' ? at + step : at;

    private static bool IsIssuedPrefix(char first, char second) =>
        !"DFIQUV".Contains(first, StringComparison.Ordinal) && !"DFIOQUV".Contains(second, StringComparison.Ordinal)
        && (first, second) is not (('B', 'G') or ('G', 'B') or ('K', 'N') or ('N', 'K') or ('N', 'T') or ('T', 'N') or ('Z', 'Z'));
}
