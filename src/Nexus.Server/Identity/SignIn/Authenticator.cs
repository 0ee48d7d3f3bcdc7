using System.Text;
using Nexus.Server.Identity.ApiKeys;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>
/// Authenticates requests. The credential itself determines its kind (by prefix, algorithm and issuer), and only that kind's
/// verifier is used; verifiers are never tried in turn.
/// </summary>
internal sealed partial class Authenticator(
    AuthOptions options, VerifiedTokenCache verified, AccessTokenProvider own, OidcTokenVerifier issuers, OidcUserProvisioner people,
    ApiKeyStore keys, SessionStore sessions, TimeProvider time,
    ILogger<Authenticator> logger)
{
    private readonly TrustedHs256Verifier? _hs256 = options.TrustedHs256Secret is { } secret
        ? new TrustedHs256Verifier(Encoding.UTF8.GetBytes(secret), options.TrustedHs256Issuer, options.TrustedHs256Audience)
        : null;

    private static Problem IssuerUnreachable { get; } =
        new(ProblemCodes.AuthIssuerUnreachable, "The token's issuer is unreachable, so the token cannot be verified. Try again later.")
        {
            RetryAfter = 5,
        };

    /// <summary>Returns the authenticated caller, or a refusal: 401, or 503 if the credential cannot be verified now.</summary>
    public ValueTask<(AuthContext? Auth, Problem? Refusal)> AuthenticateAsync(HttpContext http)
    {
        if (!TryGetCredential(http.Request, out var credential, out var isKey))
        {
            return new((null, AuthProblems.AuthInvalid));
        }

        if (credential.IsEmpty)
        {
            return new((null, AuthProblems.AuthMissing));
        }

        if (isKey || credential.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
        {
            return AuthenticateApiKeyAsync(http, credential);
        }

        // The path of nearly all requests: does not copy the token or wait.
        return verified.Find(credential) is { } who
            ? RequireActiveSessionAsync(http, who)
            : VerifyAndCacheAsync(http, credential.ToString());
    }

    private ValueTask<(AuthContext? Auth, Problem? Refusal)> AuthenticateApiKeyAsync(HttpContext http, ReadOnlySpan<char> credential)
    {
        return ApiKeyToken.TryParse(credential, out var key) ? FindAsync() : new((null, AuthProblems.AuthInvalid));

        async ValueTask<(AuthContext? Auth, Problem? Refusal)> FindAsync() =>
            await keys.AuthenticateAsync(key, http.RequestAborted) is { } caller ? (caller, null) : (null, AuthProblems.AuthInvalid);
    }

    private async ValueTask<(AuthContext? Auth, Problem? Refusal)> RequireActiveSessionAsync(HttpContext http, AuthContext who) =>
        who.SessionId is null || await sessions.IsActiveAsync(who.SessionId, http.RequestAborted)
            ? (who, null)
            : (null, AuthProblems.AuthInvalid);

    private async ValueTask<(AuthContext? Auth, Problem? Refusal)> VerifyAndCacheAsync(HttpContext http, string credential)
    {
        var (who, fault) = await VerifyAsync(http, credential);
        if (who is not null)
        {
            verified.Add(credential, who);
            return await RequireActiveSessionAsync(http, who);
        }

        if (fault == TokenError.IssuerUnreachable)
        {
            LogIssuerUnreachable();
            return (null, IssuerUnreachable);
        }

        LogRefused(fault);
        return (null, AuthProblems.AuthInvalid);
    }

    private async ValueTask<(AuthContext? Who, TokenError Fault)> VerifyAsync(HttpContext http, string credential)
    {
        var fault = StrictJwt.Parse(credential, time.GetUtcNow(), out var token);
        if (token is null)
        {
            return (null, fault);
        }

        if (token.Algorithm == "HS256")
        {
            return _hs256 is null ? (null, TokenError.WrongAlgorithm) : await _hs256.VerifyAsync(token);
        }

        var ours = await own.GetAsync(http.RequestAborted);
        if (ours.IsIssuedHere(token))
        {
            return await ours.VerifyAsync(token);
        }

        (var person, fault) = await issuers.VerifyAsync(token, http.RequestAborted);
        return person is null ? (null, fault) : (await people.ProvisionAsync(http, person), TokenError.None);
    }

    /// <summary>Reads the credential. More than one is an error, because it is unclear which should count.</summary>
    private static bool TryGetCredential(HttpRequest request, out ReadOnlySpan<char> credential, out bool isKey)
    {
        const string Scheme = "Bearer ";
        var (authorization, key) = (request.Headers.Authorization, request.Headers["X-API-Key"]);
        isKey = key.Count == 1;
        credential = default;
        if (authorization.Count + key.Count > 1)
        {
            return false;
        }

        if (isKey)
        {
            credential = key[0];
        }
        else if (authorization.Count == 1
            && authorization[0] is { } header
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            credential = header.AsSpan(Scheme.Length).Trim(' ');
        }

        return true;
    }

    [LoggerMessage(LogLevel.Debug, "A token was refused: {Fault}")]
    private partial void LogRefused(TokenError fault);

    [LoggerMessage(LogLevel.Warning, "A token cannot be verified: its issuer cannot be reached")]
    private partial void LogIssuerUnreachable();
}
