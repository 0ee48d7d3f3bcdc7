using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// A P-256 key that signs access tokens. Its id is its RFC 7638 thumbprint, so it is the same on every node and after every
/// restart.
/// </summary>
internal sealed class SigningKey
{
    private readonly ECParameters _key;

    private SigningKey(ECParameters key)
    {
        _key = key;
        var x = Base64Url.EncodeToString(key.Q.X);
        var y = Base64Url.EncodeToString(key.Q.Y);
        // RFC 7638: only the required members, in this order, without white space.
        Id = Base64Url.EncodeToString(
            SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        Jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}","kid":"{{Id}}","use":"sig","alg":"ES256"}""";
    }

    /// <summary>The key's id.</summary>
    public string Id { get; }

    /// <summary>The public half, as a JSON Web Key.</summary>
    public string Jwk { get; }

    /// <summary>
    /// Derives a key from 48 secret bytes (FIPS 186-5, A.2.1: a number much longer than the group order is reduced, which makes the
    /// bias negligible).
    /// </summary>
    public static SigningKey FromSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != 48)
        {
            throw new ArgumentException("The secret of a signing key must be 48 bytes long.", nameof(secret));
        }

        var order = new BigInteger(
            Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), true, true);
        var number = (new BigInteger(secret, true, true) % (order - 1)) + 1;
        var d = new byte[32];
        var reduced = number.ToByteArray(true, true);
        reduced.CopyTo(d, d.Length - reduced.Length);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        return new SigningKey(key.ExportParameters(true));
    }

    /// <summary>Signs data. The signature has the fixed length that JWS requires.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var key = ECDsa.Create(_key);
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
