using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.National;

/// <summary>
/// Spanish tax numbers: eight digits and a check letter (NIF), or X, Y or Z, seven digits and a check letter (NIE), with dots and
/// hyphens as printed. In lower case they need a context word.
/// </summary>
internal sealed class SpanishNifDetector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        for (var index = 0; index < groups.Count; index++)
        {
            var last = index;
            var first = groups[index];
            if (first.Length is 1 or 2 && index + 2 < groups.Count && groups[index + 1].Length == 3 && groups[index + 2].Length == 3
                && text[first.End..groups[index + 1].Start] is ['.'] && text[groups[index + 1].End..groups[index + 2].Start] is ['.'])
            {
                last = index + 2;
            }

            var (number, length) = (0, 0);
            for (var part = index; part <= last && length + groups[part].Length <= 8; part++)
            {
                length += groups[part].Length;
                foreach (var digit in text[groups[part].Start..groups[part].End])
                {
                    number = (number * 10) + digit - '0';
                }
            }

            var start = first.Start;
            if (length == 7)
            {
                start = SkipHyphen(text, start - 1, -1);
                var kind = start < 0 ? -1 : "XYZ".IndexOf(char.ToUpperInvariant(text[start]), StringComparison.Ordinal);
                number = kind < 0 ? -1 : (kind * 10_000_000) + number;
            }
            else if (length != 8)
            {
                continue;
            }

            var letter = SkipHyphen(text, groups[last].End, 1);
            if (number < 0
                || letter >= text.Length
                || char.ToUpperInvariant(text[letter]) != Checksums.SpanishNifLetter(number)
                || !WordBoundary.IsStandalone(text, start, letter + 1))
            {
                continue;
            }

            var isPlain = char.IsAsciiLetterUpper(text[letter]) && (length == 8 || char.IsAsciiLetterUpper(text[start]));
            scan.Add(PiiKind.Nif, start, letter + 1, scan.HasContext(ContextKind.Nif, start) ? 0.9 : isPlain ? 0.6 : 0.3);
        }
    }

    private static int SkipHyphen(ReadOnlySpan<char> text, int at, int step) =>
        at >= 0 && at < text.Length && text[at] == '-' ? at + step : at;
}
