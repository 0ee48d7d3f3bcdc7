using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.National;

/// <summary>
/// German tax identification numbers: eleven digits in one piece, or 2-3-3-3 as printed. The rule for repeated digits and the check
/// digit, which about one number in 300 satisfies by chance, suffice without a context word.
/// </summary>
internal sealed class GermanTaxIdDetector : IDetector
{
    private const int Length = 11;

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        Span<char> digits = stackalloc char[Length];
        for (var index = 0; index < groups.Count; index++)
        {
            var first = groups[index];
            var last = first.Length == Length ? index : first.Length == 2 ? index + 3 : groups.Count;
            if (last >= groups.Count)
            {
                continue;
            }

            var length = 0;
            for (var part = index; part <= last; part++)
            {
                if (part > index && (groups[part].Length != 3 || text[groups[part - 1].End..groups[part].Start] is not [' ']))
                {
                    length = 0;
                    break;
                }

                text[groups[part].Start..groups[part].End].CopyTo(digits[length..]);
                length += groups[part].Length;
            }

            if (length == Length
                && Checksums.PassesGermanTaxId(digits)
                && WordBoundary.IsStandaloneNumber(text, first.Start, groups[last].End))
            {
                scan.Add(PiiKind.TaxId, first.Start, groups[last].End, scan.HasContext(ContextKind.TaxId, first.Start) ? 0.95 : 0.55);
            }
        }
    }
}
