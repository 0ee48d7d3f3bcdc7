using FsCheck;
using FsCheck.Fluent;
using Nexus.Server.Identity.Tokens;

namespace Nexus.Tests.Identity;

public sealed class ApiKeyTokenTests
{
    private const string Id = "0198c6a0-0000-7000-8000-00000000abcd";
    private static readonly byte[] _secret = new byte[32];

    [Fact]
    public void Key_contains_tenant_and_matches_its_hash()
    {
        var key = ApiKeyToken.Generate("t_acme_-9", Id);

        ApiKeyToken.TryParse(key.Text, out var read).ShouldBeTrue();

        key.Text.ShouldStartWith("nxs_t_acme_-9." + Id + ".");
        read!.TenantId.ShouldBe("t_acme_-9");
        read.KeyId.ShouldBe(Id);
        read.Matches(_secret, key.Hash(_secret)).ShouldBeTrue();
        read.Matches([1, .. _secret], key.Hash(_secret)).ShouldBeFalse();
        read.Matches(_secret, ApiKeyToken.Generate("t_acme_-9", Id).Hash(_secret)).ShouldBeFalse();
        read.Matches(_secret, []).ShouldBeFalse();
    }

    [Fact]
    public void Typo_is_detected_without_lookup()
    {
        var key = ApiKeyToken.Generate("t_acme", Id).Text;
        for (var i = 0; i < key.Length; i++)
        {
            ApiKeyToken.TryParse(key[..i] + (key[i] == 'x' ? 'y' : 'x') + key[(i + 1)..], out _).ShouldBeFalse($"at {i}");
            ApiKeyToken.TryParse(key.Remove(i, 1), out _).ShouldBeFalse();
            ApiKeyToken.TryParse(key.Insert(i, "."), out _).ShouldBeFalse();
        }

        ApiKeyToken.TryParse(key + "\n", out _).ShouldBeFalse();
        ApiKeyToken.TryParse(key.ToUpperInvariant(), out _).ShouldBeFalse();
    }

    [Fact]
    public void TryParse_never_throws() =>
        Prop.ForAll<string?, string?>((a, b) =>
        {
            ApiKeyToken.TryParse(a, out _).ShouldBeFalse();
            ApiKeyToken.TryParse($"nxs_{a}.{b}.{new string('A', 49)}", out _).ShouldBeFalse();
            ApiKeyToken.TryParse($"nxs_t_a.{Id}.{b}{a}", out _).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();
}
