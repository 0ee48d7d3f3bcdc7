using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A token in the only accepted form: three segments of canonical base64url, at most <see cref="MaxCharacters"/> long, plain JSON
/// objects without duplicates, no header extensions, a subject, and times that are integers and valid now. Libraries are laxer
/// than that, each in its own way, so this comes before any. The signature is not verified yet: trust nothing in the token until
/// <see cref="TokenValidator"/> has accepted it.
/// </summary>
internal sealed class StrictJwt
{
    /// <summary>The longest token that is read.</summary>
    public const int MaxCharacters = 8192;

    /// <summary>How far the issuer's clock may differ from ours.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const long MaxUnixSeconds = 253_402_300_799;

    private StrictJwt()
    {
    }

    /// <summary>The header's <c>alg</c>. A verifier must compare it with the algorithms that the issuer may use.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The header's <c>kid</c>.</summary>
    public string? KeyId { get; init; }

    /// <summary>The claim <c>iss</c>.</summary>
    public string? Issuer { get; init; }

    /// <summary>The claim <c>sub</c>: 1 to 255 characters, none of them a control character.</summary>
    public required string Subject { get; init; }

    /// <summary>The claim <c>iat</c>.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The claim <c>exp</c>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>All claims.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>The token as it was sent.</summary>
    public required string EncodedToken { get; init; }

    /// <summary>Reads a token. Never throws, whatever the text.</summary>
    /// <returns><see cref="TokenError.None"/> and the token, or why it is refused.</returns>
    public static TokenError Parse(string text, DateTimeOffset now, out StrictJwt? token)
    {
        token = null;
        if (text.Length is 0 or > MaxCharacters || !TrySplit(text, out var header, out var payload)
            || !TryReadHeader(header, out var algorithm, out var keyId)
            || !payload.TryGetString("iss", out var issuer)
            || !payload.TryGetString("sub", out var subject) || !IsValidSubject(subject)
            || !TryGetTime(payload, "exp", out var exp) || exp is null
            || !TryGetTime(payload, "nbf", out var nbf)
            || !TryGetTime(payload, "iat", out var iat))
        {
            return TokenError.Malformed;
        }

        if (exp <= now - ClockSkew)
        {
            return TokenError.Expired;
        }

        if (nbf > now + ClockSkew || iat > now + ClockSkew)
        {
            return TokenError.NotYetValid;
        }

        token = new StrictJwt
        {
            Algorithm = algorithm,
            KeyId = keyId,
            Issuer = issuer,
            Subject = subject,
            IssuedAt = iat,
            ExpiresAt = exp.Value,
            Payload = payload,
            EncodedToken = text,
        };
        return TokenError.None;
    }

    /// <summary>Whether <c>aud</c> is this audience, or a list of strings that contains it.</summary>
    public bool HasAudience(string audience)
    {
        if (!Payload.TryGetProperty("aud", out var aud))
        {
            return false;
        }

        return aud.ValueKind switch
        {
            JsonValueKind.String => aud.ValueEquals(audience),
            JsonValueKind.Array => aud.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String)
                && aud.EnumerateArray().Any(a => a.ValueEquals(audience)),
            _ => false,
        };
    }

    private static bool TrySplit(string text, out JsonElement header, out JsonElement payload)
    {
        header = payload = default;
        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        if (first <= 0 || last <= first + 1 || last == text.Length - 1
            || text.AsSpan(first + 1, last - first - 1).Contains('.'))
        {
            return false;
        }

        return TokenJson.TryDecodeBase64Url(text.AsSpan(0, first), out var headerBytes)
            && TokenJson.TryDecodeBase64Url(text.AsSpan(first + 1, last - first - 1), out var payloadBytes)
            && TokenJson.TryDecodeBase64Url(text.AsSpan(last + 1), out _)
            && TokenJson.TryReadObject(headerBytes, out header)
            && TokenJson.TryReadObject(payloadBytes, out payload);
    }

    // crit and b64 change what the signature means, cty and zip what the payload means. A token with another typ, such as a logout
    // token, was signed for another purpose.
    private static bool TryReadHeader(JsonElement header, [NotNullWhen(true)] out string? algorithm, out string? keyId)
    {
        keyId = null;
        return header.TryGetString("alg", out algorithm)
            && algorithm is { Length: > 0 and <= 16 }
            && header.TryGetString("kid", out keyId)
            && keyId is null or { Length: > 0 and <= 256 }
            && header.TryGetString("typ", out var type)
            && (type is null
                || type.Equals("JWT", StringComparison.OrdinalIgnoreCase)
                || type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)
                || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase))
            && !header.TryGetProperty("crit", out _)
            && !header.TryGetProperty("b64", out _)
            && !header.TryGetProperty("cty", out _)
            && !header.TryGetProperty("zip", out _);
    }

    /// <summary>Whether a token can carry this as its subject.</summary>
    public static bool IsValidSubject([NotNullWhen(true)] string? subject) =>
        subject is { Length: > 0 and <= 255 } && !subject.Any(char.IsControl);

    private static bool TryGetTime(JsonElement payload, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!payload.TryGetProperty(name, out var member))
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out var seconds)
            || seconds is < 0 or > MaxUnixSeconds)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
