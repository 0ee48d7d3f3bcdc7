using System.Text;
using Nexus.Server.Identity.Accounts;

namespace Nexus.Server.Identity.Tokens;

/// <summary>The section <c>Nexus:Auth</c>: whose credentials are believed, and for how long.</summary>
internal sealed class AuthOptions
{
    /// <summary>Whether strangers may make an account. Off: people come by invitation.</summary>
    public bool AllowSignup { get; set; }

    /// <summary>How long an access token is good for, 1 to 60.</summary>
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>How long a session lives without being used, 1 to 365.</summary>
    public int RefreshTokenDays { get; set; } = 30;

    /// <summary>A secret of 32 bytes or more; tokens signed with it (HS256) are believed. Null: none are.</summary>
    public string? TrustedHs256Secret { get; set; }

    /// <summary>The <c>iss</c> that such tokens must carry; null: any or none.</summary>
    public string? TrustedHs256Issuer { get; set; }

    /// <summary>The <c>aud</c> that such tokens must carry; null: any or none.</summary>
    public string? TrustedHs256Audience { get; set; }

    /// <summary>Whether issuers may live on private addresses and plain HTTP. For tests and closed networks.</summary>
    public bool AllowPrivateIssuers { get; set; }

    /// <summary>The OIDC issuers whose access tokens are believed.</summary>
    public IList<IssuerOptions> Issuers { get; set; } = [];

    /// <summary>How often somebody may try to sign in.</summary>
    public SignInLimitOptions SignIn { get; set; } = new();

    /// <summary>Every mistake at once, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (AccessTokenMinutes is < 1 or > 60)
        {
            yield return "Nexus:Auth:AccessTokenMinutes must be 1 to 60.";
        }

        if (RefreshTokenDays is < 1 or > 365)
        {
            yield return "Nexus:Auth:RefreshTokenDays must be 1 to 365.";
        }

        if (TrustedHs256Secret is { } secret && Encoding.UTF8.GetByteCount(secret) < TrustedHs256Verifier.MinSecretBytes)
        {
            yield return "Nexus:Auth:TrustedHs256Secret must be 32 bytes or more.";
        }

        foreach (var mistake in SignIn.Validate())
        {
            yield return mistake;
        }

        for (var i = 0; i < Issuers.Count; i++)
        {
            foreach (var mistake in Issuers[i].Validate(AllowPrivateIssuers))
            {
                yield return $"Nexus:Auth:Issuers:{i}:{mistake}";
            }
        }

        if (Issuers.Select(i => i.Issuer).Distinct(StringComparer.Ordinal).Count() != Issuers.Count)
        {
            yield return "Nexus:Auth:Issuers must not name an issuer twice.";
        }
    }
}
