namespace Nexus.Redaction;

/// <summary>UUIDs name records, not people, and their digits mean nothing.</summary>
internal static class Uuid
{
    /// <summary>Characters of the hyphenated form.</summary>
    public const int Length = 36;

    /// <summary>Whether a text is one.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        for (var at = 0; at < Length; at++)
        {
            if (at is not (8 or 13 or 18 or 23) && !char.IsAsciiHexDigit(text[at]))
            {
                return false;
            }
        }

        return true;
    }
}
