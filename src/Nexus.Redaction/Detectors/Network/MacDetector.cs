using System.Buffers;
using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Network;

/// <summary>
/// MAC addresses: six pairs with colons or hyphens, or three groups of four with dots. Digits alone, unless with colons, need a context
/// word. All zeros and all ones are ignored, as no interface has them.
/// </summary>
internal sealed class MacDetector : IDetector
{
    private const int PairsLength = 17, QuadsLength = 14;

    private static readonly SearchValues<char> _letters = SearchValues.Create("abcdefABCDEF");

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(':', '-', '.');
            if (next < 0)
            {
                return;
            }

            at += next;
            var (start, length) = text[at] == '.' ? (at - 4, QuadsLength) : (at - 2, PairsLength);
            if (start >= 0
                && start + length <= text.Length
                && IsAddress(text.Slice(start, length), at - start)
                && !IsPartOfLongerToken(text, start, start + length, text[at]))
            {
                var address = text.Slice(start, length);
                var isUnambiguous = text[at] == ':' || address.ContainsAny(_letters);
                scan.Add(PiiKind.Mac, start, start + length, isUnambiguous ? 0.9 : scan.HasContext(ContextKind.Mac, start) ? 0.7 : 0.4);
                at = start + length;
            }
            else
            {
                at++;
            }
        }
    }

    private static bool IsAddress(ReadOnlySpan<char> text, int size)
    {
        var same = true;
        var digit = text[0];
        for (var at = 0; at < text.Length; at++)
        {
            if (at % (size + 1) == size)
            {
                if (text[at] != text[size])
                {
                    return false;
                }
            }
            else if (!char.IsAsciiHexDigit(text[at]))
            {
                return false;
            }
            else
            {
                same = same && text[at] == digit;
            }
        }

        return !(same && digit is '0' or 'f' or 'F');
    }

    private static bool IsPartOfLongerToken(ReadOnlySpan<char> text, int start, int end, char separator) =>
        !WordBoundary.IsStandalone(text, start, end)
        || (start > 2
            && text[start - 1] == separator
            && char.IsAsciiHexDigit(text[start - 2])
            && char.IsAsciiHexDigit(text[start - 3])
            && (start == 3 || !WordBoundary.IsWordCharacter(text[start - 4])))
        || (end + 1 < text.Length && text[end] == separator && WordBoundary.IsWordCharacter(text[end + 1]));
}
