using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// What Microsoft.IdentityModel checks of a token that <see cref="StrictJwt"/> has read: the signature, with exactly this key and
/// one of these algorithms, the issuer and the audience. Safe for concurrent use.
/// </summary>
internal sealed class TokenValidator
{
    private static readonly JsonWebTokenHandler _handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = StrictJwt.MaxCharacters,
    };

    private readonly TokenValidationParameters _parameters;

    /// <summary>Creates a validator for one key.</summary>
    /// <param name="key">The key, which the caller chooses by the token's key id.</param>
    /// <param name="algorithms">The algorithms that the key may be used with; at least one.</param>
    /// <param name="issuer">The issuer that a token must name; null: any or none.</param>
    /// <param name="audience">The audience that a token must name; null: any or none.</param>
    public TokenValidator(SecurityKey key, IReadOnlyList<string> algorithms, string? issuer, string? audience)
    {
        // To the library an empty list means that every algorithm is allowed.
        if (algorithms.Count == 0)
        {
            throw new ArgumentException("A key needs at least one algorithm.", nameof(algorithms));
        }

        SecurityKey[] keys = [key];
        _parameters = new TokenValidationParameters
        {
            ValidAlgorithms = algorithms,
            IssuerSigningKeyResolver = (_, _, _, _) => keys,
            TryAllIssuerSigningKeys = false,
            ValidateIssuer = issuer is not null,
            ValidIssuer = issuer,
            ValidateAudience = audience is not null,
            ValidAudience = audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            // StrictJwt has checked the times: by the service's clock, which the library does not take, and with iat.
            ValidateLifetime = false,
        };
    }

    /// <summary>Validates a token.</summary>
    /// <returns><see cref="TokenError.None"/>, or why the token is refused.</returns>
    public async ValueTask<TokenError> ValidateAsync(StrictJwt token)
    {
        var result = await _handler.ValidateTokenAsync(token.EncodedToken, _parameters);
        return result.IsValid ? TokenError.None : result.Exception switch
        {
            SecurityTokenInvalidIssuerException => TokenError.UnknownIssuer,
            SecurityTokenInvalidAudienceException => TokenError.WrongAudience,
            ArgumentException => TokenError.Malformed,
            _ => TokenError.WrongSignature,
        };
    }
}
