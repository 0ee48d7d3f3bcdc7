using System.Text;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

public sealed class TrustedHs256Tests
{
    private static readonly byte[] _secret = Encoding.UTF8.GetBytes("a secret of more than 32 bytes, really");
    private readonly SetClock _clock = new();

    [Fact]
    public void Token_claims_define_tenants_and_roles()
    {
        Verify($$"""
            {"sub":"u7","exp":{{_clock.Seconds + 60}},"email":"u7@example.com","tenant_ids":["t_a","t_b"],
             "default_tenant_id":"t_b","role_map":{"t_a":"admin"},"actor_type":"agent"}
            """, out var who).ShouldBe(TokenError.None);

        who!.UserId.ShouldBe("u7");
        who.HasTrustedClaims.ShouldBeTrue();
        who.Provider.ShouldBe("hs256");
        who.ActorType.ShouldBe("agent");
        who.DefaultTenantId.ShouldBe("t_b");
        who.TenantIds.ShouldBe(["t_a", "t_b"]);
        who.RoleMap.ShouldBe([KeyValuePair.Create("t_a", Role.Admin)]);
    }

    [Theory]
    [InlineData("\"role_map\":{\"t_a\":\"Admin\"}")]
    [InlineData("\"role_map\":{\"t_a\":\"root\"}")]
    [InlineData("\"role_map\":{\"t_a\\n\":\"admin\"}")]
    [InlineData("\"role_map\":{\"T_A\":\"admin\"}")]
    [InlineData("\"role_map\":[\"t_a\"]")]
    [InlineData("\"tenant_ids\":\"t_a\"")]
    [InlineData("\"tenant_ids\":[1]")]
    [InlineData("\"tenant_ids\":[\"acme\"]")]
    [InlineData("\"tenant_ids\":[\"t_b\"],\"role_map\":{\"t_a\":\"admin\"}")]
    [InlineData("\"default_tenant_id\":\"acme\"")]
    [InlineData("\"actor_type\":\"robot\"")]
    [InlineData("\"email\":[]")]
    public void Malformed_claim_is_rejected(string claim) =>
        Verify($$"""{"sub":"u7","exp":{{_clock.Seconds + 60}},{{claim}}}""", out _).ShouldBe(TokenError.Malformed);

    [Fact]
    public void Subject_with_api_key_prefix_is_rejected() =>
        Verify($$"""{"sub":"key_1","exp":{{_clock.Seconds + 60}}}""", out _).ShouldBe(TokenError.Malformed);

    [Fact]
    public void Issuer_and_audience_are_checked_when_configured()
    {
        var plain = $$"""{"sub":"u7","exp":{{_clock.Seconds + 60}}}""";
        var full = $$"""{"sub":"u7","iss":"p","aud":"n","exp":{{_clock.Seconds + 60}}}""";
        Verify(plain, out _).ShouldBe(TokenError.None);
        Verify(full, out _).ShouldBe(TokenError.None);
        Verify(plain, out _, new TrustedHs256Verifier(_secret, "p", null)).ShouldBe(TokenError.UnknownIssuer);
        Verify(plain, out _, new TrustedHs256Verifier(_secret, null, "n")).ShouldBe(TokenError.WrongAudience);
        Verify(full, out _, new TrustedHs256Verifier(_secret, "p", "n")).ShouldBe(TokenError.None);
    }

    [Fact]
    public void Wrong_secret_or_algorithm_is_rejected()
    {
        var other = new TrustedHs256Verifier([.. _secret, 1], null, null);
        Verify($$"""{"sub":"u7","exp":{{_clock.Seconds + 60}}}""", out _, other).ShouldBe(TokenError.WrongSignature);

        var text = Jwt.Hs256($$"""{"sub":"u7","exp":{{_clock.Seconds + 60}}}""", _secret, """{"alg":"HS512"}""");
        StrictJwt.Parse(text, _clock.Now, out var token);
        new TrustedHs256Verifier(_secret, null, null).Verify(token!, out _).ShouldBe(TokenError.WrongAlgorithm);
        Should.Throw<ArgumentException>(() => new TrustedHs256Verifier(new byte[31], null, null));
    }

    private TokenError Verify(string payload, out AuthContext? who, TrustedHs256Verifier? trusted = null)
    {
        StrictJwt.Parse(Jwt.Hs256(payload, _secret), _clock.Now, out var token).ShouldBe(TokenError.None);
        return (trusted ?? new TrustedHs256Verifier(_secret, null, null)).Verify(token!, out who);
    }
}
