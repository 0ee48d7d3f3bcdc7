namespace Nexus.Redaction.Text;

/// <summary>UUIDs identify records, not people, so their digits are ignored.</summary>
internal static class Uuid
{
    /// <summary>The length of the hyphenated form.</summary>
    public const int Length = 36;

    /// <summary>Whether a text is a UUID in hyphenated form.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
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
