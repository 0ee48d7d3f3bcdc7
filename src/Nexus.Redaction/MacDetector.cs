using System.Buffers;

namespace Nexus.Redaction;

/// <summary>
/// Hardware addresses: six pairs with colons or hyphens, or three fours with dots. Without a letter in them hyphens and dots need a
/// word of their subject. Nobody's are all zeros and all ones.
/// </summary>
internal sealed class MacDetector : IDetector
{
    private const int Pairs = 17, Fours = 14;

    private static readonly SearchValues<char> _letters = SearchValues.Create("abcdefABCDEF");

    /// <inheritdoc />
    public void Find(Scan scan)
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
            var (start, length) = text[at] == '.' ? (at - 4, Fours) : (at - 2, Pairs);
            if (start >= 0 && start + length <= text.Length && IsAddress(text.Slice(start, length), at - start) && !IsPartOfMore(text, start, start + length, text[at]))
            {
                var address = text.Slice(start, length);
                var isSure = text[at] == ':' || address.ContainsAny(_letters);
                scan.Add(PiiKind.Mac, start, start + length, isSure ? 0.9 : scan.Speaks(Topic.Mac, start) ? 0.7 : 0.4);
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

    private static bool IsPartOfMore(ReadOnlySpan<char> text, int start, int end, char separator) =>
        !Edges.AreFree(text, start, end)
        || (start > 2 && text[start - 1] == separator && char.IsAsciiHexDigit(text[start - 2]) && char.IsAsciiHexDigit(text[start - 3]) && (start == 3 || !Edges.IsWord(text[start - 4])))
        || (end + 1 < text.Length && text[end] == separator && Edges.IsWord(text[end + 1]));
}
