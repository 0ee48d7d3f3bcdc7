using System.Collections.Frozen;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Somebody who signed in through a trusted issuer. They are the pair of issuer and subject; the e-mail address is what
/// the issuer calls them and finds no account.
/// </summary>
internal sealed record OidcPerson(IssuerOptions Issuer, string Subject, string? Email, StrictJwt Token);

/// <summary>Verifies access tokens of the OIDC issuers that are configured.</summary>
internal sealed class OidcIssuers : IDisposable
{
    private readonly GuardedHttp _http;
    private readonly FrozenDictionary<string, OidcIssuer> _issuers;

    /// <summary>Fetches nothing yet, so that a start does not depend on others.</summary>
    public OidcIssuers(AuthOptions options, TimeProvider clock)
    {
        _http = new GuardedHttp(options.AllowPrivateIssuers);
        _issuers = options.Issuers.ToFrozenDictionary(
            i => i.Issuer, i => new OidcIssuer(i, _http, clock), StringComparer.Ordinal);
    }

    /// <summary>
    /// Verifies a token against the issuer it names: its algorithms, its key of exactly this id, its audience.
    /// </summary>
    public async ValueTask<(OidcPerson? Person, TokenFault Fault)> VerifyAsync(
        StrictJwt token, CancellationToken cancellation)
    {
        if (token.Issuer is null || !_issuers.TryGetValue(token.Issuer, out var issuer))
        {
            return (null, TokenFault.UnknownIssuer);
        }

        if (!issuer.Options.Allows(token.Algorithm))
        {
            return (null, TokenFault.WrongAlgorithm);
        }

        if (!token.IsFor(issuer.Options.Audience))
        {
            return (null, TokenFault.WrongAudience);
        }

        if (token.KeyId is null)
        {
            return (null, TokenFault.UnknownKey);
        }

        var (key, fault) = await issuer.KeyAsync(token.KeyId, cancellation);
        if (key is null)
        {
            return (null, fault);
        }

        if (!key.Verifies(token.Algorithm, token.SigningInput, token.Signature))
        {
            return (null, TokenFault.WrongSignature);
        }

        return token.Payload.TryString("email", out var email)
            ? (new OidcPerson(issuer.Options, token.Subject, email, token), TokenFault.None)
            : (null, TokenFault.Malformed);
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
