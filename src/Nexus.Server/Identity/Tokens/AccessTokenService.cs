using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Our own access tokens: ES256, short-lived, signed with the first key and verified with any of the keys, so that a
/// key can be replaced while tokens of the old one are still out. What they say of tenants and roles is a hint for
/// callers; the store decides at every request.
/// </summary>
internal sealed class AccessTokenService
{
    // A token of 64-character tenant ids would not fit where headers are limited, so memberships stop at this size.
    private const int MaxPayloadBytes = 5_800;

    private readonly SigningKey _signingKey;
    private readonly Dictionary<string, PublicKey> _verificationKeys;
    private readonly string _issuer;
    private readonly string _audience;
    private readonly TimeProvider _clock;

    /// <summary>Takes the keys, the signing one first, and the names that tokens carry and must carry.</summary>
    public AccessTokenService(IReadOnlyList<SigningKey> keys, string issuer, string audience, TimeSpan lifetime, TimeProvider clock)
    {
        _signingKey = keys[0];
        _verificationKeys = keys.Select(k => PublicKey.FromJwk(JsonElement.Parse(k.Jwk))!).ToDictionary(k => k.Id, StringComparer.Ordinal);
        _issuer = issuer;
        _audience = audience;
        _clock = clock;
        Lifetime = lifetime;
        KeySet = Encoding.ASCII.GetBytes($$"""{"keys":[{{string.Join(',', keys.Select(k => k.Jwk))}}]}""");
    }

    /// <summary>How long a token is good for.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>The public keys, as <c>/.well-known/jwks.json</c> serves them.</summary>
    public ReadOnlyMemory<byte> KeySet { get; }

    /// <summary>Whether a token says it is ours. A token that says so and does not verify is nobody else's.</summary>
    public bool IsIssuedHere(StrictJwt token) => token.Issuer == _issuer;

    /// <summary>
    /// Makes a token for this person and session. Memberships are written in their order, the default tenant first,
    /// until <see cref="AuthContext.MaxTenants"/> or the token's size is reached. Times of <paramref name="who"/>
    /// are not read: the token begins now.
    /// </summary>
    public string Mint(AuthContext who)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{_signingKey.Id}}","typ":"at+jwt"}"""));
        var input = $"{header}.{Base64Url.EncodeToString(WritePayload(who, now))}";
        return $"{input}.{Base64Url.EncodeToString(_signingKey.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Verifies a token that <see cref="IsIssuedHere"/>.</summary>
    public TokenError Verify(StrictJwt token, out AuthContext? who)
    {
        who = null;
        if (!IsIssuedHere(token))
        {
            return TokenError.UnknownIssuer;
        }

        if (token.Algorithm != "ES256")
        {
            return TokenError.WrongAlgorithm;
        }

        if (token.KeyId is null || !_verificationKeys.TryGetValue(token.KeyId, out var key))
        {
            return TokenError.UnknownKey;
        }

        if (!key.VerifySignature("ES256", token.SigningInput, token.Signature))
        {
            return TokenError.WrongSignature;
        }

        var claims = token.Payload;
        if (!claims.TryGetProperty("aud", out var aud) || aud.ValueKind != JsonValueKind.String || !aud.ValueEquals(_audience))
        {
            return TokenError.WrongAudience;
        }

        if (token.IssuedAt is null || TenantClaims.Read(claims) is not { } tenants
            || !claims.TryGetString("jti", out var id) || id is null
            || !claims.TryGetString("sid", out var session) || session is null
            || !claims.TryGetString("provider", out var provider) || provider is null
            || !claims.TryGetString("actor_type", out var actor) || !ActorTypes.IsKnown(actor)
            || !claims.TryGetString("email", out var email))
        {
            return TokenError.Malformed;
        }

        who = new AuthContext
        {
            UserId = token.Subject,
            Email = email,
            TenantIds = tenants.TenantIds,
            DefaultTenantId = tenants.DefaultTenantId,
            RoleMap = tenants.RoleMap,
            Provider = provider,
            ActorType = actor!,
            Claims = claims,
            SessionId = session,
            ExpiresAt = token.ExpiresAt,
        };
        return TokenError.None;
    }

    /// <summary>The tenants that a token of this person names: the default one first, as many as fit.</summary>
    public static List<string> SelectTenants(AuthContext who)
    {
        var fitting = new List<string>();
        var bytes = 600 + (who.Email?.Length ?? 0) + who.Provider.Length;
        foreach (var tenant in who.TenantIds
            .Where(who.RoleMap.ContainsKey)
            .OrderBy(t => t == who.DefaultTenantId ? 0 : 1))
        {
            bytes += (2 * tenant.Length) + 16;
            if (fitting.Count == AuthContext.MaxTenants || bytes > MaxPayloadBytes)
            {
                break;
            }

            fitting.Add(tenant);
        }

        return fitting;
    }

    private ReadOnlySpan<byte> WritePayload(AuthContext who, long now)
    {
        var tenants = SelectTenants(who);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", _issuer);
            json.WriteString("aud", _audience);
            json.WriteString("sub", who.UserId);
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + (long)Lifetime.TotalSeconds);
            json.WriteString("jti", Guid.CreateVersion7(_clock.GetUtcNow()));
            json.WriteString("sid", who.SessionId);
            if (who.Email is not null)
            {
                json.WriteString("email", who.Email);
            }

            json.WriteString("provider", who.Provider);
            json.WriteString("actor_type", who.ActorType);
            if (who.DefaultTenantId is not null)
            {
                json.WriteString("default_tenant_id", who.DefaultTenantId);
            }

            json.WriteStartArray("tenant_ids");
            tenants.ForEach(t => json.WriteStringValue(t));
            json.WriteEndArray();
            json.WriteStartObject("role_map");
            tenants.ForEach(t => json.WriteString(t, who.RoleMap[t].ToWireName()));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
