using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Reads untrusted JSON and base64url strictly, before any library does. Accepted input has only one interpretation, so what is
/// checked here is what the next reader uses. Nothing here throws for bad input.
/// </summary>
internal static class TokenJson
{
    /// <summary>
    /// Reads a JSON object of well-formed UTF-8 without duplicate members, lone surrogates or U+0000 at any depth.
    /// </summary>
    public static bool TryReadObject(byte[] utf8, out JsonElement value)
    {
        value = default;
        using var document = StrictJson.Parse(utf8, out _, onlyExactNumbers: false);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return false;
        }

        value = root.Clone();
        return true;
    }

    /// <summary>
    /// Decodes base64url as RFC 7515 writes it: no padding, no white space, no stray bits at the end. Each value has
    /// one encoding only.
    /// </summary>
    public static bool TryDecodeBase64Url(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        foreach (var c in text)
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                return false;
            }
        }

        if (text.Length % 4 == 1)
        {
            return false;
        }

        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var written) != OperationStatus.Done // its Try form throws
            || !Base64Url.EncodeToString(decoded.AsSpan(0, written)).AsSpan().SequenceEqual(text))
        {
            return false;
        }

        bytes = decoded.AsSpan(0, written).ToArray();
        return true;
    }

    /// <summary>The member's string; null where it is absent; false where it is something else than a string.</summary>
    public static bool TryGetString(this JsonElement owner, string name, out string? text)
    {
        text = null;
        if (!owner.TryGetProperty(name, out var member))
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        text = member.GetString();
        return true;
    }
}
