namespace Nexus.Redaction.Text;

/// <summary>Tells whether a number or token stands alone or is part of something longer.</summary>
internal static class WordBoundary
{
    /// <summary>
    /// Whether a character continues a word. Letters of scripts without case do not, as such scripts write no space between a word and
    /// a number.
    /// </summary>
    public static bool IsWordCharacter(char unit) =>
        char.IsAsciiLetterOrDigit(unit) || unit == '_' || (unit >= 0x80 && (char.IsUpper(unit) || char.IsLower(unit)));

    /// <summary>Whether a span touches no word character.</summary>
    public static bool IsStandalone(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || !IsWordCharacter(text[start - 1])) && (end == text.Length || !IsWordCharacter(text[end]));

    /// <summary>Whether a span of digits is, in addition, not part of a longer number, a decimal or a hyphenated code.</summary>
    public static bool IsStandaloneNumber(ReadOnlySpan<char> text, int start, int end) =>
        IsStandalone(text, start, end)
        && !(start > 1 && text[start - 1] is '-' or '.' or '/' or ',' && char.IsAsciiDigit(text[start - 2]))
        && !(start > 1 && text[start - 1] == '-' && IsWordCharacter(text[start - 2]))
        && !(start == 1 && text[0] == '.')
        && !(end + 1 < text.Length && text[end] is '-' or '.' or '/' && char.IsAsciiDigit(text[end + 1]));
}
