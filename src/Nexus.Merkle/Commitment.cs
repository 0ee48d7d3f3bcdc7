using System.Security.Cryptography;

namespace Nexus.Merkle;

/// <summary>
/// Salted commitments. An entry commits to data it does not contain: anyone who has the data and the salt can verify it, and
/// nobody else can recover it.
/// </summary>
internal static class Commitment
{
    /// <summary>Returns the base64 SHA-256 of the salt followed by the secret.</summary>
    public static string Compute(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret) =>
        Convert.ToBase64String(SHA256.HashData([.. salt, .. secret]));
}
