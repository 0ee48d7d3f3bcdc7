using System.Security.Cryptography;
using System.Text.Json;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A public key that verifies signatures of tokens, read from a JWK. Which algorithms a key may serve follows from its
/// type and curve, so a token's header cannot talk it into another one. Safe to use from many threads: it holds
/// numbers, and the platform's key object lives for one call.
/// </summary>
internal sealed class PublicKey
{
    private readonly RSAParameters _rsa;
    private readonly ECParameters _ec;
    private readonly string? _onlyAlgorithm;

    private PublicKey(string id, string family, string? onlyAlgorithm, RSAParameters rsa, ECParameters ec)
    {
        Id = id;
        Family = family;
        _onlyAlgorithm = onlyAlgorithm;
        _rsa = rsa;
        _ec = ec;
    }

    /// <summary>The algorithms that an issuer can be allowed.</summary>
    public static IReadOnlyList<string> Algorithms { get; } =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>The key's <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary><c>RSA</c>, or the name of a curve as JWK spells it.</summary>
    public string Family { get; }

    /// <summary>
    /// Reads a key that signs: with an id, RSA of 2,048 to 8,192 bits or a NIST curve, and not marked for other uses.
    /// Null for any other, which a set may well hold.
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
            return type switch
            {
                "RSA" => ReadRsa(jwk, id, algorithm),
                "EC" => ReadEc(jwk, id, algorithm),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null; // not a point of the curve, or not a modulus
        }
    }

    /// <summary>Whether the key can serve the algorithm.</summary>
    public bool SupportsAlgorithm(string algorithm) => (_onlyAlgorithm is null || _onlyAlgorithm == algorithm) && algorithm switch
    {
        "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" => Family == "RSA",
        "ES256" => Family == "P-256",
        "ES384" => Family == "P-384",
        "ES512" => Family == "P-521",
        _ => false,
    };

    /// <summary>Whether the signature is this key's over the data. False for an algorithm it does not serve.</summary>
    public bool VerifySignature(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!SupportsAlgorithm(algorithm))
        {
            return false;
        }

        var hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        if (algorithm[0] == 'E')
        {
            using var curve = ECDsa.Create(_ec);
            return curve.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        using var rsa = RSA.Create(_rsa);
        var padding = algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return rsa.VerifyData(data, signature, hash, padding);
    }

    private static bool IsVerificationAllowed(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops", out var operations)
        || (operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify")));

    private static PublicKey? ReadRsa(JsonElement jwk, string id, string? algorithm)
    {
        if (!TryGetBytes(jwk, "n", out var modulus) || !TryGetBytes(jwk, "e", out var exponent)
            || modulus.Length is < 256 or > 1024 || exponent.Length is 0 or > 4)
        {
            return null;
        }

        var rsa = new RSAParameters { Modulus = modulus, Exponent = exponent };
        using var key = RSA.Create(rsa);
        return key.KeySize < 2048 ? null : new PublicKey(id, "RSA", algorithm, rsa, default);
    }

    private static PublicKey? ReadEc(JsonElement jwk, string id, string? algorithm)
    {
        if (!jwk.TryGetString("crv", out var name)
            || !TryGetBytes(jwk, "x", out var x) || !TryGetBytes(jwk, "y", out var y))
        {
            return null;
        }

        var (curve, bytes) = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => (default, 0),
        };
        if (bytes == 0 || x.Length != bytes || y.Length != bytes)
        {
            return null;
        }

        var ec = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } };
        using var key = ECDsa.Create(ec);
        return new PublicKey(id, name!, algorithm, default, ec);
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
