namespace Nexus.Redaction;

/// <summary>Postal codes of many countries, right after a word that speaks of them; alone they are like any number.</summary>
internal sealed class PostalCodeDetector : IDetector
{
    private const int Reach = 14, Longest = 10;

    /// <summary>9 is a digit, A a letter, - a space or hyphen. Longer forms first.</summary>
    private static readonly string[] _forms =
    [
        "99999-9999", "99999-999", "AA9A-9AA", "AA99-9AA", "A999-AAAA", "AA9-9AA", "A9A-9AA", "A99-9AA", "A9-9AA", "A9A-9A9", "AA99AA", "9999-999", "999-9999", "9999-AA", "9999AA",
        "AA999AA", "AA99AA", "AA9A9AA", "A9A9A9", "999-99", "99-999", "9999999", "999999", "99999", "9999",
    ];

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        var end = 0;
        foreach (var group in scan.Digits)
        {
            var start = group.Start;
            while (start > end && group.Start - start < 2 && char.IsAsciiLetter(text[start - 1]))
            {
                start--;
            }

            if (start < end || !IsAfterItsWord(scan, text, start))
            {
                continue;
            }

            foreach (var form in _forms)
            {
                if (start + form.Length <= text.Length && Fits(text.Slice(start, form.Length), form) && Edges.AreFreeOfNumbers(text, start, start + form.Length))
                {
                    end = start + form.Length;
                    scan.Add(PiiKind.PostalCode, start, end, 0.7);
                    break;
                }
            }
        }
    }

    private static bool IsAfterItsWord(Scan scan, ReadOnlySpan<char> text, int start) =>
        scan.Speaks(Topic.Postal, start, Reach) && (scan.Topics.Within(Math.Max(0, start - Reach), start) & Topic.Archive) == Topic.None
        && !text[Math.Max(0, start - 1)..start].SequenceEqual(".");

    private static bool Fits(ReadOnlySpan<char> text, string form)
    {
        for (var at = 0; at < form.Length && at <= Longest; at++)
        {
            var fits = form[at] switch
            {
                '9' => char.IsAsciiDigit(text[at]),
                'A' => char.IsAsciiLetter(text[at]),
                _ => text[at] is ' ' or '-',
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }
}
