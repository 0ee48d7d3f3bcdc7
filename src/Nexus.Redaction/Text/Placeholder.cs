using System.Buffers;

namespace Nexus.Redaction.Text;

/// <summary>
/// What replaces a finding: <c>[EMAIL]</c>, or <c>[EMAIL:3f9a]</c> with a pseudonym. Detectors do not look inside a placeholder, so
/// that redacting a text twice changes nothing.
/// </summary>
internal static class Placeholder
{
    /// <summary>The number of hexadecimal digits of a pseudonym.</summary>
    public const int PseudonymLength = 4;

    private static readonly SearchValues<char> _pseudonym = SearchValues.Create("0123456789abcdef");

    /// <summary>The placeholder of a kind, with a pseudonym if there is one.</summary>
    public static string Create(PiiKind kind, string? pseudonym) =>
        pseudonym is null ? $"[{kind.Label()}]" : $"[{kind.Label()}:{pseudonym}]";

    /// <summary>The length of the placeholder at the start of a text; 0 if there is none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || text[0] != '[' || !char.IsAsciiLetterUpper(text[1]))
        {
            return 0;
        }

        foreach (var label in PiiKindNames.Labels)
        {
            var end = label.Length + 1;
            if (text.Length <= end || !text[1..end].SequenceEqual(label))
            {
                continue;
            }

            if (text[end] == ']')
            {
                return end + 1;
            }

            var close = end + 1 + PseudonymLength;
            if (text[end] == ':' && text.Length > close && text[close] == ']' && IsPseudonym(text[(end + 1)..close]))
            {
                return close + 1;
            }
        }

        return 0;
    }

    private static bool IsPseudonym(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(_pseudonym);
}
