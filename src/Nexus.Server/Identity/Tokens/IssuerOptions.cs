using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// An OIDC issuer that is trusted, and for what: who signs in through it may become a member of its tenants and of no
/// other.
/// </summary>
internal sealed class IssuerOptions
{
    private static readonly string[] _usualAlgorithms = ["RS256", "ES256"];

    /// <summary>The issuer's URL, compared character by character with <c>iss</c> and with what it says of itself.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The audience its tokens must be for.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The tenants its people join when they first sign in; the first one is their default.</summary>
    public IList<string> Tenants { get; set; } = [];

    /// <summary>The role they join with.</summary>
    public string Role { get; set; } = "member";

    /// <summary><see cref="Role"/>, read.</summary>
    internal Nexus.Server.Platform.Tenancy.Role ParsedRole => Roles.TryParse(Role, out var role) ? role : Nexus.Server.Platform.Tenancy.Role.None;

    /// <summary>The signature algorithms it may use; RS256 and ES256 where nothing is configured.</summary>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>Whether the issuer may use the algorithm.</summary>
    public bool AllowsAlgorithm(string algorithm) => (Algorithms.Count == 0 ? _usualAlgorithms : Algorithms).Contains(algorithm);

    /// <summary>The mistakes in this entry, each beginning with the name of its key.</summary>
    public IEnumerable<string> Validate(bool allowPrivate)
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttps || (allowPrivate && url.Scheme == Uri.UriSchemeHttp))
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            yield return "Issuer must be an https URL without query or fragment.";
        }

        if (string.IsNullOrWhiteSpace(Audience))
        {
            yield return "Audience is required.";
        }

        if (Tenants.Count == 0 || !Tenants.All(t => TenantId.IsValid(t)))
        {
            yield return "Tenants must name at least one tenant, each like t_acme.";
        }

        if (ParsedRole == Nexus.Server.Platform.Tenancy.Role.None)
        {
            yield return "Role must be viewer, member, admin or owner.";
        }

        if (!Algorithms.All(PublicKey.Algorithms.Contains))
        {
            yield return $"Algorithms must be of {string.Join(", ", PublicKey.Algorithms)}.";
        }
    }
}
