using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// An API key: <c>nxs_&lt;tenant_id&gt;.&lt;key_id&gt;.&lt;secret&gt;&lt;checksum&gt;</c>. It names its tenant, so
/// that the lookup reads only that tenant's rows. The secret has 256 random bits. The checksum lets typing errors be refused without
/// a lookup and lets secret scanners recognize keys; it proves nothing.
/// </summary>
internal sealed class ApiKeyToken
{
    /// <summary>The prefix of every key.</summary>
    public const string Prefix = "nxs_";

    private const int SecretCharacters = 43;
    private const int ChecksumCharacters = 6;

    private ApiKeyToken(string text, string tenantId, string keyId)
    {
        Text = text;
        TenantId = tenantId;
        KeyId = keyId;
    }

    /// <summary>The whole key. Shown once, never stored or logged.</summary>
    public string Text { get; }

    /// <summary>The tenant it belongs to.</summary>
    public string TenantId { get; }

    /// <summary>The id under which its hash is stored.</summary>
    public string KeyId { get; }

    /// <summary>Creates a key with a new secret.</summary>
    public static ApiKeyToken Generate(string tenantId, string keyId)
    {
        var body = $"{Prefix}{tenantId}.{keyId}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        return TryParse(body + Checksum(body), out var key)
            ? key
            : throw new ArgumentException("The tenant or key id does not fit into a key.", nameof(keyId));
    }

    /// <summary>Reads a key without a lookup. Never throws, whatever the text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ApiKeyToken? key)
    {
        key = null;
        if (text.Length > 256 || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first < 0 || last == first || text.Length - last - 1 != SecretCharacters + ChecksumCharacters)
        {
            return false;
        }

        var tenant = text[Prefix.Length..first];
        var id = text[(first + 1)..last];
        if (!Nexus.Server.Platform.Tenancy.TenantId.IsValid(tenant)
            || !Guid.TryParseExact(id, "D", out _)
            || id.ContainsAnyInRange('A', 'F')
            || !TokenJson.TryDecodeBase64Url(text.Slice(last + 1, SecretCharacters), out _)
            || !text[^ChecksumCharacters..].SequenceEqual(Checksum(text[..^ChecksumCharacters])))
        {
            return false;
        }

        key = new ApiKeyToken(text.ToString(), tenant.ToString(), id.ToString());
        return true;
    }

    /// <summary>The stored hash: HMAC-SHA-256 of the whole key, so a stolen table is useless without the HMAC secret.</summary>
    public byte[] Hash(ReadOnlySpan<byte> secret) => HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(Text));

    /// <summary>Whether this is the stored key. Compares in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> stored) =>
        CryptographicOperations.FixedTimeEquals(Hash(secret), stored);

    // 32 bits of SHA-256. Only ASCII gets this far with a chance to match, so the encoding cannot matter.
    private static string Checksum(ReadOnlySpan<char> body)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(body.Length)];
        var length = Encoding.UTF8.GetBytes(body, bytes);
        return Base64Url.EncodeToString(SHA256.HashData(bytes[..length]).AsSpan(0, 4));
    }
}
