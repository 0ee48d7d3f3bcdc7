using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A random secret that works once, for refresh tokens and links. It has 256 bits, so it cannot be guessed from its stored SHA-256.
/// </summary>
internal static class OneTimeToken
{
    /// <summary>Creates a secret. The prefix shows people and secret scanners what it is.</summary>
    public static string Generate(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash that is stored and looked up.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
