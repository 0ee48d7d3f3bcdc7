using System.Text;
using Microsoft.Extensions.Options;
using Nexus.Server.Identity.Accounts;

namespace Nexus.Server.Identity.Tokens;

/// <summary>The section <c>Nexus:Auth</c>: which credentials are accepted, and for how long.</summary>
internal sealed class AuthOptions
{
    /// <summary>Whether anyone can create an account. If not, people join by invitation.</summary>
    public bool AllowSignup { get; set; }

    /// <summary>Lifetime of an access token, 1 to 60.</summary>
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>How long an unused session stays valid, 1 to 365.</summary>
    public int RefreshTokenDays { get; set; } = 30;

    /// <summary>A secret of 32 bytes or more. HS256 tokens signed with it are accepted. Null: none are.</summary>
    public string? TrustedHs256Secret { get; set; }

    /// <summary>The <c>iss</c> that such tokens must carry. Null: any or none.</summary>
    public string? TrustedHs256Issuer { get; set; }

    /// <summary>The <c>aud</c> that such tokens must carry. Null: any or none.</summary>
    public string? TrustedHs256Audience { get; set; }

    /// <summary>Whether issuers may use private addresses and plain HTTP. For tests and closed networks.</summary>
    public bool AllowPrivateIssuers { get; set; }

    /// <summary>The OIDC issuers whose access tokens are accepted.</summary>
    public IList<IssuerOptions> Issuers { get; set; } = [];

    /// <summary>Sign-in attempts allowed in a window.</summary>
    public SignInLimitOptions SignIn { get; set; } = new();
}

/// <summary>Validates <see cref="AuthOptions"/>.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.AccessTokenMinutes is < 1 or > 60)
        {
            errors.AddError($"Nexus:Auth:AccessTokenMinutes must be 1 to 60, not {options.AccessTokenMinutes}.");
        }

        if (options.RefreshTokenDays is < 1 or > 365)
        {
            errors.AddError($"Nexus:Auth:RefreshTokenDays must be 1 to 365, not {options.RefreshTokenDays}.");
        }

        if (options.TrustedHs256Secret is { } secret && Encoding.UTF8.GetByteCount(secret) < TrustedHs256Verifier.MinSecretBytes)
        {
            errors.AddError($"Nexus:Auth:TrustedHs256Secret must be at least {TrustedHs256Verifier.MinSecretBytes} bytes long.");
        }

        errors.AddResult(new SignInLimitOptionsValidator().Validate("Nexus:Auth:SignIn", options.SignIn));
        var issuerValidator = new IssuerOptionsValidator(options.AllowPrivateIssuers);
        for (var i = 0; i < options.Issuers.Count; i++)
        {
            errors.AddResult(issuerValidator.Validate($"Nexus:Auth:Issuers:{i}", options.Issuers[i]));
        }

        foreach (var issuer in options.Issuers.GroupBy(issuer => issuer.Issuer, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            errors.AddError($"Nexus:Auth:Issuers must not name the issuer '{issuer.Key}' more than once.");
        }

        return errors.Build();
    }
}
