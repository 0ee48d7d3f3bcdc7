namespace Nexus.Redaction;

/// <summary>Passport numbers: six to nine capitals and digits, most of them digits, after a word that speaks of passports.</summary>
internal sealed class PassportDetector : IDetector
{
    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        var end = 0;
        foreach (var group in scan.Digits)
        {
            if (group.Start < end)
            {
                continue; // another group of the number looked at
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

            if (end - start is >= 6 and <= 9 && IsNumber(text[start..end]) && Edges.AreFreeOfNumbers(text, start, end))
            {
                scan.Add(PiiKind.Passport, start, end, scan.Speaks(Topic.Passport, start) ? 0.75 : 0.2);
            }
        }
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var unit in text)
        {
            digits += char.IsAsciiDigit(unit) ? 1 : char.IsAsciiLetterLower(unit) ? -text.Length : 0;
        }

        return digits >= 4;
    }
}
