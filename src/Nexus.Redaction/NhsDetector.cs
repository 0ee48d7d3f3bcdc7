namespace Nexus.Redaction;

/// <summary>
/// Numbers of the United Kingdom's health service: ten digits, 3-3-4 or in one piece, with a check digit. As one in eleven numbers has
/// it, telephone numbers too, they need a word of their subject.
/// </summary>
internal sealed class NhsDetector : IDetector
{
    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        var groups = scan.Digits;
        Span<char> digits = stackalloc char[10];
        for (var index = 0; index < groups.Count; index++)
        {
            var first = groups[index];
            var last = index;
            if (first.Length == 10)
            {
                text[first.Start..first.End].CopyTo(digits);
            }
            else if (first.Length == 3 && index + 2 < groups.Count && groups[index + 1].Length == 3 && groups[index + 2].Length == 4
                && text[first.End..groups[index + 1].Start] is [' ' or '-'] && text[groups[index + 1].End..groups[index + 2].Start] is [' ' or '-'])
            {
                last = index + 2;
                for (var part = index; part <= last; part++)
                {
                    text[groups[part].Start..groups[part].End].CopyTo(digits[((part - index) * 3)..]);
                }
            }
            else
            {
                continue;
            }

            if (Checksums.Nhs(digits) && Edges.AreFreeOfNumbers(text, first.Start, groups[last].End))
            {
                scan.Add(PiiKind.Nhs, first.Start, groups[last].End, scan.Speaks(Topic.Nhs, first.Start) ? 0.85 : 0.4);
            }
        }
    }
}
