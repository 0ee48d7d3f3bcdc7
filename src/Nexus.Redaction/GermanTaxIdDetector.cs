namespace Nexus.Redaction;

/// <summary>
/// German tax identification numbers: eleven digits with a rule for repeated ones and a check digit, which together one number in some
/// 300 keeps; 2-3-3-3 as printed, or in one piece.
/// </summary>
internal sealed class GermanTaxIdDetector : IDetector
{
    private const int Length = 11;

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        var groups = scan.Digits;
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

            if (length == Length && Checksums.GermanTaxId(digits) && Edges.AreFreeOfNumbers(text, first.Start, groups[last].End))
            {
                scan.Add(PiiKind.TaxId, first.Start, groups[last].End, scan.Speaks(Topic.TaxId, first.Start) ? 0.95 : 0.55);
            }
        }
    }
}
