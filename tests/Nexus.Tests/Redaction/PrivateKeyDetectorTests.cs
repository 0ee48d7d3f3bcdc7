namespace Nexus.Tests.Redaction;

public sealed class PrivateKeyDetectorTests
{
    [Fact]
    public void Whole_pem_blocks_are_redacted()
    {
        const string Key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nAAAA==\n-----END RSA PRIVATE KEY-----";
        Redacted.Text($"key:\n{Key}\nend").ShouldBe("key:\n[PRIVATE_KEY]\nend");
        Redacted.Text("-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYB\n-----END PGP PRIVATE KEY BLOCK-----").ShouldBe("[PRIVATE_KEY]");
        Redacted.Text($"{Key}{Key}").ShouldBe("[PRIVATE_KEY][PRIVATE_KEY]");
        Redacted.Text("cut: -----BEGIN PRIVATE KEY-----\nMIIEpAIB").ShouldBe("cut: [PRIVATE_KEY]");
        "-----BEGIN CERTIFICATE-----\nMIIEpAIB\n-----END CERTIFICATE-----".ShouldContainNothing();
        "-----BEGIN PUBLIC KEY-----".ShouldContainNothing();
    }
}
