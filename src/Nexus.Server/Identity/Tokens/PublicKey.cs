using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A public key that verifies signatures of tokens, read from a JWK. Its algorithms follow from its type and curve, so the header
/// of a token cannot choose another one. The reader is our own: that of Microsoft.IdentityModel also accepts keys that are too
/// small, are meant for other uses or are not canonical base64url, and prefers a certificate in <c>x5c</c> to the key itself.
/// </summary>
internal sealed class PublicKey
{
    private static readonly string[] _rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    private PublicKey(string id, SecurityKey key, IReadOnlyList<string> algorithms)
    {
        Id = id;
        Key = key;
        KeyAlgorithms = algorithms;
    }

    /// <summary>The algorithms that an issuer can be allowed.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [.. _rsaAlgorithms, "ES256", "ES384", "ES512"];

    /// <summary>The key's <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary>The key as Microsoft.IdentityModel takes it.</summary>
    public SecurityKey Key { get; }

    /// <summary>The algorithms that this key can be used with; at least one.</summary>
    public IReadOnlyList<string> KeyAlgorithms { get; }

    /// <summary>
    /// Reads a signing key: with an id, RSA of 2,048 to 8,192 bits or a NIST curve, and not marked for other uses. Null for any
    /// other key, which a key set may well contain.
    /// </summary>
    public static PublicKey? FromJwk(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object
            || !jwk.TryGetString("kid", out var id) || id is null or { Length: 0 or > 256 }
            || !jwk.TryGetString("use", out var use) || use is not (null or "sig")
            || !jwk.TryGetString("alg", out var algorithm)
            || !jwk.TryGetString("kty", out var type)
            || !IsVerificationAllowed(jwk))
        {
            return null;
        }

        try
        {
            var (key, algorithms) = type switch
            {
                "RSA" => ReadRsa(jwk),
                "EC" => ReadEc(jwk),
                _ => (null, []),
            };
            algorithms = algorithm is null ? algorithms : [.. algorithms.Where(allowed => allowed == algorithm)];
            if (key is null || algorithms.Length == 0)
            {
                return null;
            }

            key.KeyId = id;
            return new PublicKey(id, key, algorithms);
        }
        catch (CryptographicException)
        {
            return null; // not a point on the curve, or not a modulus
        }
    }

    private static bool IsVerificationAllowed(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops", out var operations)
        || (operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify")));

    private static (SecurityKey? Key, string[] Algorithms) ReadRsa(JsonElement jwk)
    {
        if (!TryGetBytes(jwk, "n", out var modulus) || !TryGetBytes(jwk, "e", out var exponent)
            || modulus.Length is < 256 or > 1024 || exponent.Length is 0 or > 4)
        {
            return (null, []);
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        using var rsa = RSA.Create(parameters);
        return rsa.KeySize < 2048 ? (null, []) : (new RsaSecurityKey(parameters), _rsaAlgorithms);
    }

    private static (SecurityKey? Key, string[] Algorithms) ReadEc(JsonElement jwk)
    {
        if (!jwk.TryGetString("crv", out var name)
            || !TryGetBytes(jwk, "x", out var x) || !TryGetBytes(jwk, "y", out var y))
        {
            return (null, []);
        }

        var (curve, bytes, algorithm) = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32, "ES256"),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48, "ES384"),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66, "ES512"),
            _ => (default, 0, ""),
        };
        return bytes == 0 || x.Length != bytes || y.Length != bytes
            ? (null, [])
            : (new ECDsaSecurityKey(ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } })), [algorithm]);
    }

    private static bool TryGetBytes(JsonElement jwk, string name, out byte[] bytes)
    {
        bytes = [];
        if (!jwk.TryGetString(name, out var text) || text is null || !TokenJson.TryDecodeBase64Url(text, out var decoded))
        {
            return false;
        }

        bytes = decoded;
        return true;
    }
}
