using System.Buffers;
using Nexus.Redaction.Detectors.Secrets;
using Nexus.Redaction.Text;

namespace Nexus.Redaction;

/// <summary>
/// A cheap check in one pass that rules out most texts. It knows the minimum that each detector needs; its answer may be a false
/// positive, never a false negative.
/// </summary>
internal static class PreFilter
{
    private const int MinKeyLength = 12;

    private static readonly SearchValues<char> _hashCharacters = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether any detector might find something.</summary>
    public static bool MayMatch(ReadOnlySpan<char> text)
    {
        if (IsId(text))
        {
            return false;
        }

        var (digits, colons, hyphens, isQuery) = (0, 0, 0, false);
        for (var at = 0; at < text.Length; at++)
        {
            var unit = text[at];
            if (unit >= 0x80)
            {
                if (UnicodeFolds.MayFold(unit))
                {
                    return true;
                }
            }
            else if (unit is >= '0' and <= '9')
            {
                digits++;
            }
            else
            {
                switch (unit)
                {
                    case '@' or '%' or '&':
                        return true;
                    case ':':
                        colons++;
                        break;
                    case '-':
                        hyphens++;
                        break;
                    case '?' or '#':
                        isQuery = true;
                        break;
                    case '.' when at + 5 < text.Length && text[at + 5] == '.': // a MAC address in three groups of four
                        return true;
                }
            }
        }

        return digits >= 4
            || colons >= 2
            || hyphens >= 5
            || (isQuery && colons > 0)
            || (text.Length >= MinKeyLength && ApiKeyDetector.ContainsPrefix(text));
    }

    /// <summary>Whether a text is an id, such as <c>key_</c> and a UUID, or a hash in hexadecimal, as most texts in events are.</summary>
    private static bool IsId(ReadOnlySpan<char> text)
    {
        const int Prefixed = Uuid.Length + 1;
        if (text.Length is >= Prefixed and <= Uuid.Length + 9
            && text[^Prefixed] == '_'
            && !text[..^Prefixed].ContainsAnyExceptInRange('a', 'z'))
        {
            text = text[^Uuid.Length..];
        }

        return text.Length switch
        {
            Uuid.Length => Uuid.IsValid(text),
            40 or 64 or 128 => !text.ContainsAnyExcept(_hashCharacters),
            _ => false,
        };
    }
}
