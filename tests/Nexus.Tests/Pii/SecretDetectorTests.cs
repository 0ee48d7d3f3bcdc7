using Nexus.Redaction;

namespace Nexus.Tests.Pii;

/// <summary>Keys, tokens, and URLs that carry them. None of these was ever given out.</summary>
public sealed class SecretDetectorTests
{
    private static readonly string _body = string.Concat(Enumerable.Repeat("a1B2c3D4e5", 6));

    public static TheoryData<string> Keys =>
    [
        "AKIA" + "IOSFODNN7EXAMPL1", "ghp_" + _body[..36], "github_pat_" + _body, "glpat-" + _body[..20], "xoxb-" + "123456789012-abc", "sk_live_" + _body[..24], "sk-" + _body[..48], "sk-ant-api03-" + _body,
        "AIza" + _body[..35], "SG." + _body[..22] + "." + _body[..43], "npm_" + _body[..36], "hf_" + _body[..34], "nxs_t_acme." + _body[..32] + "." + _body[..49],
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "123456789:AA" + _body[..33],
    ];

    [Theory, MemberData(nameof(Keys))]
    public void Keys_are_found(string key)
    {
        key.ShouldHold(PiiKind.ApiKey, key);
        $"export KEY='{key}';".ShouldHold(PiiKind.ApiKey, key);
        $"Authorization: Bearer {key}".ShouldHold(PiiKind.ApiKey, key);
    }

    [Theory]
    [InlineData("a sk-learn-like-name-that-is-rather-long")]
    [InlineData("risk-a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5")]
    [InlineData("npm_config_registry_of_the_build_machine_1")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9")]
    [InlineData("key-value stores and SG.1")]
    [InlineData("Bearer of bad news")]
    public void Words_that_begin_alike_are_none(string text) => text.ShouldHoldNothing();

    [Theory]
    [InlineData("postgres://nexus:s3cret@db.internal/nexus")]
    [InlineData("https://jane:pass@example.com:8443/a?b=c#d")]
    [InlineData("https://example.com/reset?token=abcdef&x=1")]
    [InlineData("https://example.com/cb#access_token=abcdef")]
    [InlineData("https://bucket.s3.amazonaws.com/k?X-Amz-Signature=0a1b2c")]
    public void Urls_with_credentials_are_found(string url) => $"at {url}, now".ShouldHold(PiiKind.Url, url);

    [Fact]
    public void A_url_within_a_url_is_found() => Redacted.Text("go https://a.example/?next=https://u:p@b.example/ now").ShouldBe("go https://a.example/?next=[URL] now");

    [Theory]
    [InlineData("https://example.com/a?page=2")]
    [InlineData("https://example.com:8443/@jane")]
    [InlineData("ssh://git@example.com/nexus.git")]
    [InlineData("https://example.com/?token=")]
    public void Urls_without_are_none(string url) => Redacted.Found(PiiKind.Url, url).ShouldBeEmpty();

    [Fact]
    public void Private_keys_go_as_a_whole()
    {
        const string Key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nAAAA==\n-----END RSA PRIVATE KEY-----";
        Redacted.Text($"key:\n{Key}\nend").ShouldBe("key:\n[PRIVATE_KEY]\nend");
        Redacted.Text("-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYB\n-----END PGP PRIVATE KEY BLOCK-----").ShouldBe("[PRIVATE_KEY]");
        Redacted.Text($"{Key}{Key}").ShouldBe("[PRIVATE_KEY][PRIVATE_KEY]");
        Redacted.Text("cut: -----BEGIN PRIVATE KEY-----\nMIIEpAIB").ShouldBe("cut: [PRIVATE_KEY]");
        "-----BEGIN CERTIFICATE-----\nMIIEpAIB\n-----END CERTIFICATE-----".ShouldHoldNothing();
        "-----BEGIN PUBLIC KEY-----".ShouldHoldNothing();
    }
}
