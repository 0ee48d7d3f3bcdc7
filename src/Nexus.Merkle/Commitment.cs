using System.Security.Cryptography;

namespace Nexus.Merkle;

/// <summary>What an entry says of something that it does not hold: whoever has the thing and its salt can tell that it is that, and nobody else what it was.</summary>
internal static class Commitment
{
    /// <summary>SHA-256 of the salt and then the secret, base64.</summary>
    public static string Of(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret) => Convert.ToBase64String(SHA256.HashData([.. salt, .. secret]));
}
