using Microsoft.IdentityModel.Tokens;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Verifies tokens that a platform mints for its own users with a secret it shares with this service. Off unless a secret is
/// configured. The tenants and roles in such a token are accepted where the store has none, so the secret must be strong.
/// </summary>
internal sealed class TrustedHs256Verifier
{
    /// <summary>The shortest accepted secret, as long as the hash.</summary>
    public const int MinSecretBytes = 32;

    private readonly TokenValidator _validator;
    private readonly string? _audience;

    /// <summary>Creates a verifier. A token must name the issuer and the audience unless they are null.</summary>
    public TrustedHs256Verifier(byte[] secret, string? issuer, string? audience)
    {
        if (secret.Length < MinSecretBytes)
        {
            throw new ArgumentException("The trusted secret must be at least 32 bytes long.", nameof(secret));
        }

        _validator = new TokenValidator(new SymmetricSecurityKey(secret), ["HS256"], issuer, audience);
        _audience = audience;
    }

    /// <summary>Verifies a token whose header says HS256.</summary>
    public async ValueTask<(AuthContext? Who, TokenError Fault)> VerifyAsync(StrictJwt token)
    {
        if (token.Algorithm != "HS256")
        {
            return (null, TokenError.WrongAlgorithm);
        }

        if (await _validator.ValidateAsync(token) is not TokenError.None and var fault)
        {
            return (null, fault);
        }

        if (_audience is not null && !token.HasAudience(_audience))
        {
            return (null, TokenError.WrongAudience);
        }

        // A subject with the prefix of API keys would be recorded as that key.
        var claims = token.Payload;
        if (TenantClaims.Read(claims) is not { } tenants
            || !claims.TryGetString("email", out var email)
            || !claims.TryGetString("actor_type", out var actor) || !(actor is null || ActorTypes.IsKnown(actor))
            || token.Subject.StartsWith("key_", StringComparison.Ordinal))
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
            Provider = "hs256",
            ActorType = actor ?? ActorTypes.Human,
            Claims = claims,
            ExpiresAt = token.ExpiresAt,
            HasTrustedClaims = true,
        };
        return (who, TokenError.None);
    }
}
