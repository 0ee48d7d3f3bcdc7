using System.Collections.Frozen;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A person who signed in through a trusted issuer, identified by issuer and subject. The e-mail address is only what the issuer
/// says; no account is looked up by it.
/// </summary>
internal sealed record OidcIdentity(IssuerOptions Issuer, string Subject, string? Email, StrictJwt Token);

/// <summary>Verifies access tokens of the configured OIDC issuers.</summary>
internal sealed class OidcTokenVerifier : IDisposable
{
    private readonly SsrfSafeHttpClient _http;
    private readonly FrozenDictionary<string, OidcIssuerKeys> _issuers;

    /// <summary>Fetches no keys yet, so the service can start while an issuer is down.</summary>
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

        var (validator, fault) = await issuer.GetValidatorAsync(token.KeyId, cancellationToken);
        if (validator is not null)
        {
            fault = await validator.ValidateAsync(token);
        }

        if (fault != TokenError.None)
        {
            return (null, fault);
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
