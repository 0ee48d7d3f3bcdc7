using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Tests.Identity;

/// <summary>Creates valid and invalid tokens from the text of their parts.</summary>
internal static class Jwt
{
    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Build(string header, string payload, string signature = "c2ln") =>
        $"{Encode(header)}.{Encode(payload)}.{signature}";

    public static string Hs256(string payload, byte[] secret, string header = """{"alg":"HS256"}""")
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
    }

    public static string Es256(string header, string payload, ECDsa key)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public static string Rs256(string header, string payload, RSA key)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }
}
