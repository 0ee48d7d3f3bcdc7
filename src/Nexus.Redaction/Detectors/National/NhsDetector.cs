using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.National;

/// <summary>
/// UK National Health Service numbers: ten digits, in one piece or 3-3-4, with a check digit. One number in eleven, also of telephone
/// numbers, has the right check digit by chance, so they need a context word.
/// </summary>
internal sealed class NhsDetector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
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
                && text[first.End..groups[index + 1].Start] is [' ' or '-']
                && text[groups[index + 1].End..groups[index + 2].Start] is [' ' or '-'])
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

            if (Checksums.PassesNhs(digits) && WordBoundary.IsStandaloneNumber(text, first.Start, groups[last].End))
            {
                scan.Add(PiiKind.Nhs, first.Start, groups[last].End, scan.HasContext(ContextKind.Nhs, first.Start) ? 0.85 : 0.4);
            }
        }
    }
}
