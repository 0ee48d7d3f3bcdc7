using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Tenants;

/// <summary>Makes a tenant's id of the name that somebody typed.</summary>
internal static class TenantIdGenerator
{
    private const int MaxCharacters = 40;

    /// <summary>
    /// An id that no tenant has. Where a platform names tenants in tokens of its own, they need no row and could be
    /// anything: there the id always ends in chance.
    /// </summary>
    /// <param name="session">The write that makes the tenant.</param>
    /// <param name="plain">What <see cref="FromName"/> said.</param>
    /// <param name="others">Whether a tenant without a row has it, or could.</param>
    public static async ValueTask<string> FindFreeAsync(ReadSession session, string plain, bool others)
    {
        if (!others && await StoredTenant.FindAsync(session, plain) is null)
        {
            return plain;
        }

        return $"{plain}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    }

    /// <summary>The id that a name asks for.</summary>
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
