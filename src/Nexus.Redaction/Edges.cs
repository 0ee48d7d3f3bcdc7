namespace Nexus.Redaction;

/// <summary>Where a number or token stands by itself, and where it is a part of something longer.</summary>
internal static class Edges
{
    /// <summary>
    /// A character that goes on with a word. Letters of scripts without capitals do not: such scripts put no space between a word and
    /// a number.
    /// </summary>
    public static bool IsWord(char unit) =>
        char.IsAsciiLetterOrDigit(unit) || unit == '_' || (unit >= 0x80 && (char.IsUpper(unit) || char.IsLower(unit)));

    /// <summary>Whether a stretch touches no word.</summary>
    public static bool AreFree(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || !IsWord(text[start - 1])) && (end == text.Length || !IsWord(text[end]));

    /// <summary>Whether a stretch of digits is also no part of a longer number, decimal or hyphenated code.</summary>
    public static bool AreFreeOfNumbers(ReadOnlySpan<char> text, int start, int end) =>
        AreFree(text, start, end)
        && !(start > 1 && text[start - 1] is '-' or '.' or '/' or ',' && char.IsAsciiDigit(text[start - 2]))
        && !(start > 1 && text[start - 1] == '-' && IsWord(text[start - 2]))
        && !(start == 1 && text[0] == '.')
        && !(end + 1 < text.Length && text[end] is '-' or '.' or '/' && char.IsAsciiDigit(text[end + 1]));
}
