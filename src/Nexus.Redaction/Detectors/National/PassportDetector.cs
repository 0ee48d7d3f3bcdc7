using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.National;

/// <summary>Passport numbers: six to nine capital letters and digits, at least four of them digits, after a word about passports.</summary>
internal sealed class PassportDetector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var end = 0;
        foreach (var group in scan.DigitGroups)
        {
            if (group.Start < end)
            {
                continue; // inside the number that was just checked
            }

            var start = group.Start;
            while (start > 0 && group.Start - start < 9 && char.IsAsciiLetterOrDigit(text[start - 1]))
            {
                start--;
            }

            end = group.End;
            while (end < text.Length && end - start < 10 && char.IsAsciiLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end - start is >= 6 and <= 9 && IsPassportNumber(text[start..end]) && WordBoundary.IsStandaloneNumber(text, start, end))
            {
                scan.Add(PiiKind.Passport, start, end, scan.HasContext(ContextKind.Passport, start) ? 0.75 : 0.2);
            }
        }
    }

    private static bool IsPassportNumber(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var unit in text)
        {
            digits += char.IsAsciiDigit(unit) ? 1 : char.IsAsciiLetterLower(unit) ? -text.Length : 0;
        }

        return digits >= 4;
    }
}
