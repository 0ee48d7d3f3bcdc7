using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Tenants;

/// <summary>Generates a tenant id from a name.</summary>
internal static class TenantIdGenerator
{
    private const int MaxCharacters = 40;

    /// <summary>
    /// Returns an id that no tenant has. If a platform names tenants in its own tokens, any id may be taken without a row; then
    /// the id always gets a random suffix.
    /// </summary>
    /// <param name="session">The transaction that creates the tenant.</param>
    /// <param name="plain">The result of <see cref="FromName"/>.</param>
    /// <param name="others">Whether a tenant without a row has the id, or could have it.</param>
    public static async ValueTask<string> FindFreeAsync(ReadSession session, string plain, bool others)
    {
        if (!others && await StoredTenant.FindAsync(session, plain) is null)
        {
            return plain;
        }

        return $"{plain}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    }

    /// <summary>Returns the id for a name. It may be taken.</summary>
    public static string FromName(string name) => "t_" + Slug(name);

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == MaxCharacters)
            {
                break;
            }
        }

        var text = slug.ToString().Trim('-');
        return text.Length > 0 ? text : "tenant";
    }
}
