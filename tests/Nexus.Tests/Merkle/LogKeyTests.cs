using System.Security.Cryptography;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class LogKeyTests
{
    // The public key of Sigstore's Rekor, whose notes are signed by key c0d23d6a.
    private const string Rekor =
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwr\nkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==\n-----END PUBLIC KEY-----\n";

    [Fact]
    public void Id_of_Rekor_key_matches()
    {
        var key = LogKey.FromPem(Rekor).ShouldHaveSingleItem();
        key.Id.ShouldBe(0xc0d23d6au);
        key.CanSign.ShouldBeFalse();
        LogKey.ToPem(key).ShouldBe(Rekor);
    }

    [Fact]
    public void Private_key_round_trips_and_signs_for_same_public_key()
    {
        using var key = LogKey.Create();
        using var back = LogKey.FromPrivate(key.ExportPrivate());
        back.CanSign.ShouldBeTrue();
        back.Id.ShouldBe(key.Id);
        using var open = LogKey.FromPublic(key.PublicKey);
        open.Verify("text"u8, back.Sign("text"u8)).ShouldBeTrue();
        Should.Throw<CryptographicException>(() => open.Sign("text"u8));
    }

    [Fact]
    public void Signature_verifies_only_its_own_text()
    {
        using var key = LogKey.Create();
        using var other = LogKey.Create();
        var signature = key.Sign("text"u8);
        key.Verify("text"u8, signature).ShouldBeTrue();
        key.Verify("texT"u8, signature).ShouldBeFalse();
        other.Verify("text"u8, signature).ShouldBeFalse();
        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            var changed = (byte[])signature.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            key.Verify("text"u8, changed).ShouldBeFalse($"bit {bit}");
        }

        key.Verify("text"u8, [.. signature, 0]).ShouldBeFalse();
        key.Verify("text"u8, signature.AsSpan(1)).ShouldBeFalse();
        key.Verify("text"u8, []).ShouldBeFalse();
    }

    [Fact]
    public void PEM_text_may_hold_several_keys_and_comments()
    {
        using var one = LogKey.Create();
        using var two = LogKey.Create();
        LogKey.FromPem(LogKey.ToPem(one, two)).Select(key => key.Id).ShouldBe([one.Id, two.Id]);
        LogKey.FromPem($"the old one:\n{LogKey.ToPem(one)}and the new:\n{LogKey.ToPem(two)}").Count.ShouldBe(2);
    }

    [Fact]
    public void Other_key_types_and_broken_PEM_are_rejected()
    {
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var key = LogKey.Create();
        var pem = LogKey.ToPem(key);
        Should.Throw<FormatException>(() => LogKey.FromPem(larger.ExportSubjectPublicKeyInfoPem()));
        Should.Throw<FormatException>(() => LogKey.FromPem(rsa.ExportSubjectPublicKeyInfoPem()));
        Should.Throw<FormatException>(() => LogKey.FromPem(larger.ExportPkcs8PrivateKeyPem()));
        Should.Throw<FormatException>(() => LogKey.FromPem(""));
        Should.Throw<FormatException>(() => LogKey.FromPem("no key"));
        Should.Throw<FormatException>(() => LogKey.FromPem(pem[..^10]));
        Should.Throw<FormatException>(() => LogKey.FromPem(pem + pem[..^10]));
        Should.Throw<FormatException>(() => LogKey.FromPem(pem.Replace("MFk", "MFl", StringComparison.Ordinal)));
        Should.Throw<FormatException>(() => LogKey.FromPublic([.. key.PublicKey, 0]));
        Should.Throw<FormatException>(() => LogKey.FromPublic(key.ExportPrivate()));
        Should.Throw<FormatException>(() => LogKey.FromPrivate(key.PublicKey));
        Should.Throw<FormatException>(() => LogKey.FromPrivate(larger.ExportPkcs8PrivateKey()));
    }
}
