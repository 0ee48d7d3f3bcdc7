using System.Text;
using Nexus.Server.Http;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Identity;

/// <summary>
/// Who calls: reads the credential of a request and verifies it. A token names its kind itself (its prefix, its algorithm,
/// its issuer), and only that kind's verifier is asked: nothing is tried in turn.
/// </summary>
internal sealed class Authenticator(
    AuthOptions options, VerifiedTokens verified, OwnTokens own, OidcIssuers issuers, OidcPeople people, ApiKeyStore keys, SessionStore sessions, TimeProvider time)
{
    private readonly TrustedHs256? _hs256 = options.TrustedHs256Secret is { } secret
        ? new TrustedHs256(Encoding.UTF8.GetBytes(secret), options.TrustedHs256Issuer, options.TrustedHs256Audience)
        : null;

    private static Problem IssuerUnreachable { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "auth.issuer_unreachable", "The token's issuer cannot be reached, so the token cannot be verified.") { RetryAfter = 5 };

    /// <summary>The verified caller, or the refusal: 401, or 503 where nothing can be said.</summary>
    public async ValueTask<(AuthContext? Auth, Problem? Refusal)> AuthenticateAsync(HttpContext http)
    {
        if (!TryCredential(http.Request, out var credential, out var isKey))
        {
            return (null, Problems.AuthInvalid);
        }

        if (credential is null)
        {
            return (null, Problems.AuthMissing);
        }

        if (isKey || credential.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
        {
            return ApiKeyToken.TryParse(credential, out var key) && await keys.RecogniseAsync(key, http.RequestAborted) is { } caller
                ? (caller, null)
                : (null, Problems.AuthInvalid);
        }

        var who = verified.Find(credential);
        if (who is null)
        {
            (who, var fault) = await VerifyAsync(http, credential);
            if (who is null)
            {
                return (null, fault == TokenFault.IssuerUnreachable ? IssuerUnreachable : Problems.AuthInvalid);
            }

            verified.Add(credential, who);
        }

        return who.SessionId is null || await sessions.IsLiveAsync(who.SessionId, http.RequestAborted)
            ? (who, null)
            : (null, Problems.AuthInvalid);
    }

    private async ValueTask<(AuthContext? Who, TokenFault Fault)> VerifyAsync(HttpContext http, string credential)
    {
        var fault = StrictJwt.Parse(credential, time.GetUtcNow(), out var token);
        if (token is null)
        {
            return (null, fault);
        }

        AuthContext? who;
        if (token.Algorithm == "HS256")
        {
            if (_hs256 is null)
            {
                return (null, TokenFault.WrongAlgorithm);
            }

            fault = _hs256.Verify(token, out who);
            return (who, fault);
        }

        var ours = await own.GetAsync(http.RequestAborted);
        if (ours.IsOurs(token))
        {
            fault = ours.Verify(token, out who);
            return (who, fault);
        }

        (var person, fault) = await issuers.VerifyAsync(token, http.RequestAborted);
        return person is null ? (null, fault) : (await people.AdmitAsync(http, person), TokenFault.None);
    }

    /// <summary>One credential, in one place: two are a mistake of somebody, and which one counts is not for us to guess.</summary>
    private static bool TryCredential(HttpRequest request, out string? credential, out bool isKey)
    {
        const string Scheme = "Bearer ";
        var (authorization, key) = (request.Headers.Authorization, request.Headers["X-API-Key"]);
        isKey = key.Count == 1;
        credential = null;
        if (authorization.Count + key.Count > 1)
        {
            return false;
        }

        if (isKey)
        {
            credential = key[0];
        }
        else if (authorization.Count == 1)
        {
            credential = authorization[0] is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim(' ') : null;
        }

        return true;
    }
}
