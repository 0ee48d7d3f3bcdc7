using System.Security.Cryptography;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Tokens that a platform mints for its own users with a secret it shares with us. Off unless a secret is configured.
/// They are believed for tenants and roles where the store has no row, which is why the secret must be a real one.
/// </summary>
internal sealed class TrustedHs256Verifier
{
    /// <summary>The shortest secret that is taken: as long as the hash.</summary>
    public const int MinSecretBytes = 32;

    private readonly byte[] _secret;
    private readonly string? _issuer;
    private readonly string? _audience;

    /// <summary>Takes the secret, and the issuer and audience to insist on, where configured.</summary>
    public TrustedHs256Verifier(byte[] secret, string? issuer, string? audience)
    {
        if (secret.Length < MinSecretBytes)
        {
            throw new ArgumentException("The trusted secret is 32 bytes or more.", nameof(secret));
        }

        _secret = secret;
        _issuer = issuer;
        _audience = audience;
    }

    /// <summary>Verifies a token whose header says HS256. Subject and end were required before.</summary>
    public TokenError Verify(StrictJwt token, out AuthContext? who)
    {
        who = null;
        if (token.Algorithm != "HS256")
        {
            return TokenError.WrongAlgorithm;
        }

        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_secret, token.SigningInput), token.Signature))
        {
            return TokenError.WrongSignature;
        }

        if (_issuer is not null && token.Issuer != _issuer)
        {
            return TokenError.UnknownIssuer;
        }

        if (_audience is not null && !token.HasAudience(_audience))
        {
            return TokenError.WrongAudience;
        }

        // A subject that looks like an API key's would be recorded as that key.
        var claims = token.Payload;
        if (TenantClaims.Read(claims) is not { } tenants
            || !claims.TryGetString("email", out var email)
            || !claims.TryGetString("actor_type", out var actor) || !(actor is null || ActorTypes.IsKnown(actor))
            || token.Subject.StartsWith("key_", StringComparison.Ordinal))
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
            Provider = "hs256",
            ActorType = actor ?? ActorTypes.Human,
            Claims = claims,
            ExpiresAt = token.ExpiresAt,
            HasTrustedClaims = true,
        };
        return TokenError.None;
    }
}
