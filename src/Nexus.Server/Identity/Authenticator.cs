using System.Text;
using Nexus.Server.Http;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Identity;

/// <summary>Who calls: reads the credential of a request and verifies it, or says 401.</summary>
internal sealed class Authenticator(AuthOptions options, VerifiedTokens verified, TimeProvider time)
{
    private readonly TrustedHs256? _hs256 = options.TrustedHs256Secret is { } secret
        ? new TrustedHs256(Encoding.UTF8.GetBytes(secret), options.TrustedHs256Issuer, options.TrustedHs256Audience)
        : null;

    /// <summary>The verified caller, or the refusal.</summary>
    public async ValueTask<(AuthContext? Auth, Problem? Refusal)> AuthenticateAsync(HttpContext http)
    {
        if (Credential(http.Request, out var isDoubled) is not { } credential)
        {
            return (null, isDoubled ? Problems.AuthInvalid : Problems.AuthMissing);
        }

        if (verified.Find(credential) is { } known)
        {
            return (known, null);
        }

        await Task.CompletedTask;
        if (StrictJwt.Parse(credential, time.GetUtcNow(), out var token) == TokenFault.None && _hs256 is not null && _hs256.Verify(token!, out var who) == TokenFault.None)
        {
            verified.Add(credential, who!);
            return (who, null);
        }

        return (null, Problems.AuthInvalid);
    }

    private static string? Credential(HttpRequest request, out bool isDoubled)
    {
        var (authorization, key) = (request.Headers.Authorization, request.Headers["X-API-Key"]);
        isDoubled = authorization.Count + key.Count > 1;
        if (isDoubled)
        {
            return null;
        }

        return key.Count == 1 ? key[0]
            : authorization.Count == 1 && authorization[0] is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim()
            : null;
    }
}
