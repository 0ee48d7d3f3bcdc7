using System.Collections.Frozen;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Somebody who signed in through a trusted issuer. They are the pair of issuer and subject; the e-mail address is what
/// the issuer calls them and finds no account.
/// </summary>
internal sealed record OidcIdentity(IssuerOptions Issuer, string Subject, string? Email, StrictJwt Token);

/// <summary>Verifies access tokens of the OIDC issuers that are configured.</summary>
internal sealed class OidcTokenVerifier : IDisposable
{
    private readonly SsrfSafeHttpClient _http;
    private readonly FrozenDictionary<string, OidcIssuerKeys> _issuers;

    /// <summary>Fetches nothing yet, so that a start does not depend on others.</summary>
    public OidcTokenVerifier(AuthOptions options, TimeProvider clock)
    {
        _http = new SsrfSafeHttpClient(options.AllowPrivateIssuers);
        _issuers = options.Issuers.ToFrozenDictionary(
            i => i.Issuer, i => new OidcIssuerKeys(i, _http, clock), StringComparer.Ordinal);
    }

    /// <summary>
    /// Verifies a token against the issuer it names: its algorithms, its key of exactly this id, its audience.
    /// </summary>
    public async ValueTask<(OidcIdentity? Person, TokenError Fault)> VerifyAsync(
        StrictJwt token, CancellationToken cancellationToken)
    {
        if (token.Issuer is null || !_issuers.TryGetValue(token.Issuer, out var issuer))
        {
            return (null, TokenError.UnknownIssuer);
        }

        if (!issuer.Options.AllowsAlgorithm(token.Algorithm))
        {
            return (null, TokenError.WrongAlgorithm);
        }

        if (!token.HasAudience(issuer.Options.Audience))
        {
            return (null, TokenError.WrongAudience);
        }

        if (token.KeyId is null)
        {
            return (null, TokenError.UnknownKey);
        }

        var (key, fault) = await issuer.GetKeyAsync(token.KeyId, cancellationToken);
        if (key is null)
        {
            return (null, fault);
        }

        if (!key.VerifySignature(token.Algorithm, token.SigningInput, token.Signature))
        {
            return (null, TokenError.WrongSignature);
        }

        return token.Payload.TryGetString("email", out var email)
            ? (new OidcIdentity(issuer.Options, token.Subject, email, token), TokenError.None)
            : (null, TokenError.Malformed);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var issuer in _issuers.Values)
        {
            issuer.Dispose();
        }

        _http.Dispose();
    }
}
