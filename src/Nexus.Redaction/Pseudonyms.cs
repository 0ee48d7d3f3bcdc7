using System.Security.Cryptography;
using System.Text;

namespace Nexus.Redaction;

/// <summary>
/// Short names for redacted values: the same for the same value in one tenant, of another tenant unrelated. Made with a key that each
/// tenant has from the service's secret, and so short that no value can be told from it, even with the key.
/// </summary>
internal sealed class Pseudonyms(byte[] secret)
{
    /// <summary>The pseudonym of a value.</summary>
    /// <param name="tenantId">Whose events it stands in.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="value">As it stood in the text. How it was written makes no difference: case, spaces, punctuation, full-width forms.</param>
    public string Of(string tenantId, PiiKind kind, string value)
    {
        var key = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(tenantId));
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind.Flag()}:{Plain(kind, value)}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, Placeholder.PseudonymLength / 2));
    }

    private static string Plain(PiiKind kind, string value)
    {
        var plain = new StringBuilder(value.Length);
        foreach (var unit in NormalText.Of(value).Text)
        {
            // Addresses and URLs live by their punctuation, numbers are the same with and without.
            if (kind is PiiKind.Email or PiiKind.Url or PiiKind.Ip or PiiKind.ApiKey or PiiKind.PrivateKey || char.IsLetterOrDigit(unit) || unit == '+')
            {
                plain.Append(kind is PiiKind.ApiKey or PiiKind.PrivateKey or PiiKind.Url ? unit : char.ToLowerInvariant(unit));
            }
        }

        return plain.ToString();
    }
}
