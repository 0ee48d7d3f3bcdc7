using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

/// <summary>Keys and tokens. None of these was ever issued.</summary>
public sealed class ApiKeyDetectorTests
{
    private static readonly string _body = string.Concat(Enumerable.Repeat("a1B2c3D4e5", 6));

    public static TheoryData<string> Keys =>
    [
        "AKIA" + "IOSFODNN7EXAMPL1", "ghp_" + _body[..36], "github_pat_" + _body, "glpat-" + _body[..20], "xoxb-" + "123456789012-abc",
        "sk_live_" + _body[..24], "sk-" + _body[..48], "sk-ant-api03-" + _body,
        "AIza" + _body[..35], "SG." + _body[..22] + "." + _body[..43], "npm_" + _body[..36], "hf_" + _body[..34],
        "nxs_t_acme." + _body[..32] + "." + _body[..49],
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "123456789:AA" + _body[..33],
    ];

    [Theory, MemberData(nameof(Keys))]
    public void Keys_are_found(string key)
    {
        key.ShouldContainExactly(PiiKind.ApiKey, key);
        $"export KEY='{key}';".ShouldContainExactly(PiiKind.ApiKey, key);
        $"Authorization: Bearer {key}".ShouldContainExactly(PiiKind.ApiKey, key);
    }

    [Theory]
    [InlineData("a sk-learn-like-name-that-is-rather-long")]
    [InlineData("risk-a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5")]
    [InlineData("npm_config_registry_of_the_build_machine_1")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9")]
    [InlineData("key-value stores and SG.1")]
    [InlineData("Bearer of bad news")]
    public void Words_that_begin_like_a_key_are_ignored(string text) => text.ShouldContainNothing();
}
