using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Contact;

/// <summary>Postal codes of many countries. They look like any other number, so they need a context word right before them.</summary>
internal sealed class PostalCodeDetector : IDetector
{
    private const int MaxWordDistance = 14;

    /// <summary>9 is a digit, A is a letter, - is a space or hyphen. The first format that matches wins: longer ones go first.</summary>
    private static readonly string[] _formats =
    [
        "99999-9999", "99999-999", "AA9A-9AA", "AA99-9AA", "A999-AAAA", "AA9-9AA", "A9A-9AA", "A99-9AA", "A9-9AA", "A9A-9A9",
        "AA99AA", "9999-999", "999-9999", "9999-AA", "9999AA",
        "AA999AA", "AA99AA", "AA9A9AA", "A9A9A9", "999-99", "99-999", "9999999", "999999", "99999", "9999",
    ];

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var end = 0;
        foreach (var group in scan.DigitGroups)
        {
            var start = group.Start;
            while (start > end && group.Start - start < 2 && char.IsAsciiLetter(text[start - 1]))
            {
                start--;
            }

            if (start < end || !IsAfterPostalWord(scan, text, start))
            {
                continue;
            }

            foreach (var format in _formats)
            {
                var after = start + format.Length;
                if (after <= text.Length && Matches(text[start..after], format) && WordBoundary.IsStandaloneNumber(text, start, after))
                {
                    end = after;
                    scan.Add(PiiKind.PostalCode, start, end, 0.7);
                    break;
                }
            }
        }
    }

    private static bool IsAfterPostalWord(TextScan scan, ReadOnlySpan<char> text, int start) =>
        scan.HasContext(ContextKind.PostalCode, start, MaxWordDistance)
        && (scan.Context.FindWithin(Math.Max(0, start - MaxWordDistance), start) & ContextKind.Archive) == ContextKind.None
        && !text[Math.Max(0, start - 1)..start].SequenceEqual(".");

    private static bool Matches(ReadOnlySpan<char> text, string format)
    {
        for (var at = 0; at < format.Length; at++)
        {
            var matches = format[at] switch
            {
                '9' => char.IsAsciiDigit(text[at]),
                'A' => char.IsAsciiLetter(text[at]),
                _ => text[at] is ' ' or '-',
            };
            if (!matches)
            {
                return false;
            }
        }

        return true;
    }
}
