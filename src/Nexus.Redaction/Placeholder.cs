using System.Buffers;

namespace Nexus.Redaction;

/// <summary>What stands where personal data stood: <c>[EMAIL]</c>, or <c>[EMAIL:3f9a]</c> with a pseudonym. Detectors do not look into one.</summary>
internal static class Placeholder
{
    /// <summary>Hexadecimal digits of a pseudonym.</summary>
    public const int PseudonymLength = 4;

    private static readonly SearchValues<char> _pseudonym = SearchValues.Create("0123456789abcdef");

    /// <summary>What takes the place of a kind.</summary>
    /// <param name="kind">What was found.</param>
    /// <param name="pseudonym">Null for none.</param>
    public static string Of(PiiKind kind, string? pseudonym) => pseudonym is null ? $"[{kind.Label()}]" : $"[{kind.Label()}:{pseudonym}]";

    /// <summary>The length of the placeholder that a text begins with; 0 where it begins with none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || text[0] != '[' || !char.IsAsciiLetterUpper(text[1]))
        {
            return 0;
        }

        foreach (var label in PiiKinds.Labels)
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
