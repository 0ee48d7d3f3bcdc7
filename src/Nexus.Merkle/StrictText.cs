using System.Globalization;
using System.Text;

namespace Nexus.Merkle;

/// <summary>
/// Strict decoders that accept exactly one representation of each value, so that proven data cannot be written in two ways.
/// </summary>
internal static class StrictText
{
    /// <summary>UTF-8 that throws for invalid bytes and lone surrogates.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes UTF-8 strictly.</summary>
    /// <exception cref="FormatException">The bytes are not valid UTF-8.</exception>
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

    /// <summary>Decodes standard base64 with padding. Rejects white space and non-zero trailing bits.</summary>
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

    /// <summary>Decodes one base64 hash.</summary>
    public static bool TryHash(string text, out byte[] hash) => TryBase64(text, out hash) && hash.Length == TreeHash.Size;

    /// <summary>Parses an integer from 0 to 2^63 - 1 without leading zeros.</summary>
    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text is "0" || text[0] != '0');
}
