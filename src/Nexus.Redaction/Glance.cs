using System.Buffers;

namespace Nexus.Redaction;

/// <summary>
/// A first look that most texts end with: one pass that knows what every detector needs at least, and errs on the side of looking
/// closer. Every event passes it.
/// </summary>
internal static class Glance
{
    private const int ShortestText = 4, ShortestKey = 12;

    private static readonly SearchValues<char> _hash = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a detector might find something.</summary>
    public static bool MayHold(ReadOnlySpan<char> text)
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
                if (UnicodeFolds.IsActive(unit))
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
                    case '.' when at + 5 < text.Length && text[at + 5] == '.': // a hardware address in fours
                        return true;
                }
            }
        }

        return (digits >= 4 && text.Length >= ShortestText)
            || colons >= 2
            || hyphens >= 5
            || (isQuery && colons > 0)
            || (text.Length >= ShortestKey && ApiKeyDetector.MayHold(text));
    }

    /// <summary>A UUID, with or without a prefix like <c>key_</c>, or a hash: what most texts of events are.</summary>
    private static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length > Uuid.Length && text[^(Uuid.Length + 1)] == '_' && text.Length <= Uuid.Length + 9 && !text[..^(Uuid.Length + 1)].ContainsAnyExceptInRange('a', 'z'))
        {
            text = text[^Uuid.Length..];
        }

        return text.Length switch
        {
            Uuid.Length => Uuid.Is(text),
            40 or 64 or 128 => !text.ContainsAnyExcept(_hash),
            _ => false,
        };
    }
}
