using System.Globalization;
using System.Text;

namespace Nexus.Merkle;

/// <summary>Texts of which each value has exactly one: what is proved must not be written in two ways.</summary>
internal static class StrictText
{
    /// <summary>UTF-8 that throws for bytes and surrogates that are none.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes UTF-8.</summary>
    /// <exception cref="FormatException">The bytes are no UTF-8.</exception>
    public static string FromUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("The text is not UTF-8.", e);
        }
    }

    /// <summary>Reads standard base64 with padding, without white space and with no bits to spare.</summary>
    public static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        return string.Equals(Convert.ToBase64String(bytes), text, StringComparison.Ordinal);
    }

    /// <summary>Reads one hash in base64.</summary>
    public static bool TryHash(string text, out byte[] hash) => TryBase64(text, out hash) && hash.Length == TreeHash.Size;

    /// <summary>Reads a number from 0 to 2^63 - 1 in digits, without leading zeros.</summary>
    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text is "0" || text[0] != '0');
}
