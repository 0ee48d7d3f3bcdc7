using System.Security.Cryptography;
using System.Text;
using Nexus.Redaction.Text;

namespace Nexus.Redaction;

/// <summary>
/// Makes pseudonyms of redacted values: the same for the same value within a tenant, unrelated between tenants. A pseudonym is an HMAC
/// with a key that is derived for each tenant, cut to 16 bits: too short to recover the value, even with the key.
/// </summary>
/// <param name="secret">The secret of the service from which the keys of tenants are derived.</param>
public sealed class Pseudonyms(byte[] secret)
{
    /// <summary>Makes the pseudonym of a value.</summary>
    /// <param name="tenantId">The tenant whose data it is.</param>
    /// <param name="kind">The kind of the value.</param>
    /// <param name="value">The value as it stood in the text. Notation, such as spaces or full-width letters, is ignored.</param>
    internal string Create(string tenantId, PiiKind kind, string value)
    {
        var key = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(tenantId));
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind.Flag()}:{Canonicalize(kind, value)}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, Placeholder.PseudonymLength / 2));
    }

    private static string Canonicalize(PiiKind kind, string value)
    {
        var canonical = new StringBuilder(value.Length);
        foreach (var unit in NormalizedText.From(value).Text)
        {
            if (kind.KeepsPunctuation() || char.IsLetterOrDigit(unit) || unit == '+')
            {
                canonical.Append(kind.IsCaseSensitive() ? unit : char.ToLowerInvariant(unit));
            }
        }

        return canonical.ToString();
    }
}
