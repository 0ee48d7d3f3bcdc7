using Microsoft.Extensions.Options;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A trusted OIDC issuer. People who sign in through it may become members of the tenants named here and of no others.
/// </summary>
internal sealed class IssuerOptions
{
    private static readonly string[] _defaultAlgorithms = ["RS256", "ES256"];

    /// <summary>The issuer's URL. It must equal <c>iss</c> and the issuer in its discovery document, character by character.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The audience its tokens must be for.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The tenants that people join when they first sign in. The first one is their default.</summary>
    public IList<string> Tenants { get; set; } = [];

    /// <summary>The role they join with.</summary>
    public string Role { get; set; } = "member";

    /// <summary><see cref="Role"/>, parsed; <see cref="Platform.Tenancy.Role.None"/> if it is not a role.</summary>
    internal Platform.Tenancy.Role ParsedRole => Roles.TryParse(Role, out var role) ? role : Platform.Tenancy.Role.None;

    /// <summary>The signature algorithms it may use. Empty: RS256 and ES256.</summary>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>Whether the issuer may use the algorithm.</summary>
    public bool AllowsAlgorithm(string algorithm) => (Algorithms.Count == 0 ? _defaultAlgorithms : Algorithms).Contains(algorithm);
}

/// <summary>Validates <see cref="IssuerOptions"/>. The name is the key of the entry, such as <c>Nexus:Auth:Issuers:0</c>.</summary>
/// <param name="allowPrivate">Whether issuers may use plain HTTP.</param>
internal sealed class IssuerOptionsValidator(bool allowPrivate) : IValidateOptions<IssuerOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, IssuerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttps || (allowPrivate && url.Scheme == Uri.UriSchemeHttp))
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            errors.AddError($"{name}:Issuer must be an https URL without user name, query or fragment.");
        }

        if (string.IsNullOrWhiteSpace(options.Audience))
        {
            errors.AddError($"{name}:Audience is required.");
        }

        if (options.Tenants.Count == 0)
        {
            errors.AddError($"{name}:Tenants must name at least one tenant, such as t_acme.");
        }

        foreach (var tenant in options.Tenants.Where(tenant => !TenantId.IsValid(tenant)))
        {
            errors.AddError($"{name}:Tenants: '{tenant}' is not a tenant id such as t_acme.");
        }

        if (options.ParsedRole == Role.None)
        {
            errors.AddError($"{name}:Role must be viewer, member, admin or owner, not '{options.Role}'.");
        }

        foreach (var algorithm in options.Algorithms.Except(PublicKey.Algorithms, StringComparer.Ordinal))
        {
            errors.AddError($"{name}:Algorithms must be of {string.Join(", ", PublicKey.Algorithms)}, not '{algorithm}'.");
        }

        return errors.Build();
    }
}
