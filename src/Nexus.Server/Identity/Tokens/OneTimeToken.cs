using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A random secret that works once: refresh tokens and links. 256 bits, so that its plain SHA-256 can be stored: there is
/// nothing to guess.
/// </summary>
internal static class OneTimeToken
{
    /// <summary>A new secret, with a prefix that tells people and scanners what leaked.</summary>
    public static string Generate(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored and looked up by.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
