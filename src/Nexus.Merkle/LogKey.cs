using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Nexus.Merkle;

/// <summary>
/// A key that signs notes with ECDSA on P-256 over SHA-256; signatures are in DER. Its id is the first four bytes of the SHA-256
/// of the public key in DER (SubjectPublicKeyInfo). Safe for concurrent use.
/// </summary>
public sealed class LogKey : IDisposable
{
    private const string Curve = "1.2.840.10045.3.1.7"; // P-256
    private const string PublicLabel = "PUBLIC KEY";
    private readonly ECDsa _key;
    private readonly byte[] _public;
    private readonly Lock _lock = new();

    private LogKey(ECDsa key, bool isPrivate)
    {
        _key = key;
        _public = key.ExportSubjectPublicKeyInfo();
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(_public));
        CanSign = isPrivate;
    }

    /// <summary>The first four bytes of the public key's SHA-256, read big-endian.</summary>
    public uint Id { get; }

    /// <summary>Whether the instance has the private key.</summary>
    public bool CanSign { get; }

    /// <summary>The public key in DER (SubjectPublicKeyInfo).</summary>
    public ReadOnlySpan<byte> PublicKey => _public;

    /// <summary>Generates a key pair.</summary>
    public static LogKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), isPrivate: true);

    /// <summary>Imports the output of <see cref="ExportPrivate"/>.</summary>
    /// <exception cref="FormatException">The data is not a private key on P-256.</exception>
    public static LogKey FromPrivate(ReadOnlySpan<byte> pkcs8) => Import(pkcs8, isPrivate: true);

    /// <summary>Imports a public key in DER (SubjectPublicKeyInfo).</summary>
    /// <exception cref="FormatException">The data is not a public key on P-256.</exception>
    public static LogKey FromPublic(ReadOnlySpan<byte> subjectPublicKeyInfo) => Import(subjectPublicKeyInfo, isPrivate: false);

    /// <summary>Imports all public keys of a PEM text. Text between the PEM blocks is ignored.</summary>
    /// <exception cref="FormatException">The text has no public key, a broken PEM block, or a block of another kind.</exception>
    public static IReadOnlyList<LogKey> FromPem(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        var keys = new List<LogKey>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var at))
        {
            if (Broken(rest[..at.Location.Start]) || !rest[at.Label].SequenceEqual(PublicLabel))
            {
                throw NotPublic();
            }

            keys.Add(FromPublic(Convert.FromBase64String(rest[at.Base64Data].ToString())));
            rest = rest[at.Location.End..];
        }

        return keys.Count > 0 && !Broken(rest) ? keys : throw NotPublic();
    }

    /// <summary>Exports the public keys as one PEM text.</summary>
    public static string ToPem(params IEnumerable<LogKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return string.Concat(keys.Select(key => PemEncoding.WriteString(PublicLabel, key.PublicKey) + "\n"));
    }

    /// <summary>Exports the private key in DER (PKCS #8), unencrypted. Wrap it before storing it.</summary>
    public byte[] ExportPrivate()
    {
        lock (_lock)
        {
            return _key.ExportPkcs8PrivateKey();
        }
    }

    /// <summary>Signs the text and returns the signature in DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            return _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    /// <summary>Returns whether the signature is by this key and over that text.</summary>
    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
        {
            return _key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    private static LogKey Import(ReadOnlySpan<byte> der, bool isPrivate)
    {
        var key = ECDsa.Create();
        try
        {
            int read;
            if (isPrivate)
            {
                key.ImportPkcs8PrivateKey(der, out read);
            }
            else
            {
                key.ImportSubjectPublicKeyInfo(der, out read);
            }

            if (read == der.Length && key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: Curve })
            {
                return new LogKey(key, isPrivate);
            }
        }
        catch (CryptographicException)
        {
            // Reported below.
        }

        key.Dispose();
        throw new FormatException($"This is no {(isPrivate ? "private" : "public")} key on P-256.");
    }

    private static bool Broken(ReadOnlySpan<char> between) => between.Contains("-----", StringComparison.Ordinal);

    private static FormatException NotPublic() => new("A PEM text with public keys holds those, whole, and no keys of other kinds.");
}
