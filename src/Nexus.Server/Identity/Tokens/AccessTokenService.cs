using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// The service's own access tokens: ES256, short-lived, signed with the first key and verified with any of the keys, so that a key
/// can be replaced while tokens signed with it are in use. The tenants and roles in a token are a hint for callers; the store
/// decides on every request.
/// </summary>
internal sealed class AccessTokenService
{
    // Header sizes are limited, so a person with many long tenant ids gets a token that lists only some of them.
    private const int MaxPayloadBytes = 5_800;

    private readonly SigningKey _signingKey;
    private readonly Dictionary<string, TokenValidator> _validators;
    private readonly string _issuer;
    private readonly string _audience;
    private readonly TimeProvider _clock;

    /// <summary>Creates the service. The first key signs; tokens carry, and must carry, this issuer and audience.</summary>
    public AccessTokenService(IReadOnlyList<SigningKey> keys, string issuer, string audience, TimeSpan lifetime, TimeProvider clock)
    {
        _signingKey = keys[0];
        _validators = keys.ToDictionary(
            k => k.Id,
            k => new TokenValidator(PublicKey.FromJwk(JsonElement.Parse(k.Jwk))!.Key, ["ES256"], issuer, audience),
            StringComparer.Ordinal);
        _issuer = issuer;
        _audience = audience;
        _clock = clock;
        Lifetime = lifetime;
        KeySet = Encoding.ASCII.GetBytes($$"""{"keys":[{{string.Join(',', keys.Select(k => k.Jwk))}}]}""");
    }

    /// <summary>Lifetime of a token.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>The public keys, as <c>/.well-known/jwks.json</c> serves them.</summary>
    public ReadOnlyMemory<byte> KeySet { get; }

    /// <summary>Whether a token names this service as its issuer. If so, no other verifier may be asked.</summary>
    public bool IsIssuedHere(StrictJwt token) => token.Issuer == _issuer;

    /// <summary>
    /// Creates a token for this person and session, valid from now. Memberships are listed in their order, the default tenant
    /// first, until <see cref="AuthContext.MaxTenants"/> or the maximum size is reached.
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
    public async ValueTask<(AuthContext? Who, TokenError Fault)> VerifyAsync(StrictJwt token)
    {
        if (!IsIssuedHere(token))
        {
            return (null, TokenError.UnknownIssuer);
        }

        if (token.Algorithm != "ES256")
        {
            return (null, TokenError.WrongAlgorithm);
        }

        if (token.KeyId is null || !_validators.TryGetValue(token.KeyId, out var validator))
        {
            return (null, TokenError.UnknownKey);
        }

        if (await validator.ValidateAsync(token) is not TokenError.None and var fault)
        {
            return (null, fault);
        }

        var claims = token.Payload;
        if (!claims.TryGetProperty("aud", out var aud) || aud.ValueKind != JsonValueKind.String || !aud.ValueEquals(_audience))
        {
            return (null, TokenError.WrongAudience);
        }

        if (token.IssuedAt is null || TenantClaims.Read(claims) is not { } tenants
            || !claims.TryGetString("jti", out var id) || id is null
            || !claims.TryGetString("sid", out var session) || session is null
            || !claims.TryGetString("provider", out var provider) || provider is null
            || !claims.TryGetString("actor_type", out var actor) || !ActorTypes.IsKnown(actor)
            || !claims.TryGetString("email", out var email))
        {
            return (null, TokenError.Malformed);
        }

        var who = new AuthContext
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
        return (who, TokenError.None);
    }

    /// <summary>The tenants that a token of this person lists: the default tenant first, as many as fit.</summary>
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
