namespace Nexus.Redaction;

/// <summary>
/// Spanish tax numbers: eight digits and their letter, or X, Y or Z, seven digits and their letter; dots and a hyphen as printed. In
/// small letters they need a word of their subject.
/// </summary>
internal sealed class SpanishNifDetector : IDetector
{
    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        var groups = scan.Digits;
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
                start = Skip(text, start - 1, -1);
                var kind = start < 0 ? -1 : "XYZ".IndexOf(char.ToUpperInvariant(text[start]), StringComparison.Ordinal);
                number = kind < 0 ? -1 : (kind * 10_000_000) + number;
            }
            else if (length != 8)
            {
                continue;
            }

            var letter = Skip(text, groups[last].End, 1);
            if (number < 0 || letter >= text.Length || char.ToUpperInvariant(text[letter]) != Checksums.SpanishLetter(number) || !Edges.AreFree(text, start, letter + 1))
            {
                continue;
            }

            var isPlain = char.IsAsciiLetterUpper(text[letter]) && (length == 8 || char.IsAsciiLetterUpper(text[start]));
            scan.Add(PiiKind.Nif, start, letter + 1, scan.Speaks(Topic.Nif, start) ? 0.9 : isPlain ? 0.6 : 0.3);
        }
    }

    private static int Skip(ReadOnlySpan<char> text, int at, int step) => at >= 0 && at < text.Length && text[at] == '-' ? at + step : at;
}
