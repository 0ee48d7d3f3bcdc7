using System.Text;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

public sealed class TrustedHs256Tests
{
    private static readonly byte[] _secret = Encoding.UTF8.GetBytes("a secret of more than 32 bytes, really");
    private readonly SetClock _clock = new();

    [Fact]
    public async Task Token_claims_define_tenants_and_roles()
    {
        var (who, fault) = await VerifyAsync($$"""
            {"sub":"u7","exp":{{_clock.Seconds + 60}},"email":"u7@example.com","tenant_ids":["t_a","t_b"],
             "default_tenant_id":"t_b","role_map":{"t_a":"admin"},"actor_type":"agent"}
            """);

        fault.ShouldBe(TokenError.None);
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
    public async Task Malformed_claim_is_rejected(string claim) =>
        (await VerifyAsync($$"""{"sub":"u7","exp":{{_clock.Seconds + 60}},{{claim}}}""")).Fault.ShouldBe(TokenError.Malformed);

    [Fact]
    public async Task Subject_with_api_key_prefix_is_rejected() =>
        (await VerifyAsync($$"""{"sub":"key_1","exp":{{_clock.Seconds + 60}}}""")).Fault.ShouldBe(TokenError.Malformed);

    [Fact]
    public async Task Issuer_and_audience_are_checked_when_configured()
    {
        var plain = $$"""{"sub":"u7","exp":{{_clock.Seconds + 60}}}""";
        var full = $$"""{"sub":"u7","iss":"p","aud":"n","exp":{{_clock.Seconds + 60}}}""";
        (await VerifyAsync(plain)).Fault.ShouldBe(TokenError.None);
        (await VerifyAsync(full)).Fault.ShouldBe(TokenError.None);
        (await VerifyAsync(plain, new TrustedHs256Verifier(_secret, "p", null))).Fault.ShouldBe(TokenError.UnknownIssuer);
        (await VerifyAsync(plain, new TrustedHs256Verifier(_secret, null, "n"))).Fault.ShouldBe(TokenError.WrongAudience);
        (await VerifyAsync(full, new TrustedHs256Verifier(_secret, "p", "n"))).Fault.ShouldBe(TokenError.None);
    }

    [Fact]
    public async Task Wrong_secret_or_algorithm_is_rejected()
    {
        var other = new TrustedHs256Verifier([.. _secret, 1], null, null);
        var payload = $$"""{"sub":"u7","exp":{{_clock.Seconds + 60}}}""";
        (await VerifyAsync(payload, other)).Fault.ShouldBe(TokenError.WrongSignature);

        var text = Jwt.Hs256(payload, _secret, """{"alg":"HS512"}""");
        StrictJwt.Parse(text, _clock.Now, out var token);
        (await new TrustedHs256Verifier(_secret, null, null).VerifyAsync(token!)).Fault.ShouldBe(TokenError.WrongAlgorithm);
        Should.Throw<ArgumentException>(() => new TrustedHs256Verifier(new byte[31], null, null));
    }

    [Fact]
    public async Task Truncated_or_extended_signature_is_rejected()
    {
        var whole = Jwt.Hs256($$"""{"sub":"u7","exp":{{_clock.Seconds + 60}}}""", _secret);
        var start = whole[..(whole.LastIndexOf('.') + 1)];
        var signature = System.Buffers.Text.Base64Url.DecodeFromChars(whole.AsSpan(start.Length));
        foreach (var changed in new byte[][]
        {
            signature[..1],
            signature[..16],
            signature[..31],
            [.. signature, 0],
            [.. signature, .. signature],
        })
        {
            StrictJwt.Parse(start + System.Buffers.Text.Base64Url.EncodeToString(changed), _clock.Now, out var token)
                .ShouldBe(TokenError.None);
            (await new TrustedHs256Verifier(_secret, null, null).VerifyAsync(token!)).ShouldBe((null, TokenError.WrongSignature));
        }
    }

    [Theory]
    [InlineData("[\"n\",7]")]
    [InlineData("[\"n\",null]")]
    [InlineData("\"n/\"")]
    [InlineData("[]")]
    [InlineData("7")]
    public async Task Malformed_audience_is_rejected(string audience) =>
        (await VerifyAsync(
            $$"""{"sub":"u7","aud":{{audience}},"exp":{{_clock.Seconds + 60}}}""",
            new TrustedHs256Verifier(_secret, null, "n")))
            .Fault.ShouldBeOneOf(TokenError.WrongAudience, TokenError.Malformed);

    [Theory]
    [InlineData("p ")]
    [InlineData("P")]
    [InlineData("p/")]
    [InlineData("")]
    public async Task Issuer_is_compared_exactly(string issuer) =>
        (await VerifyAsync(
            $$"""{"sub":"u7","iss":"{{issuer}}","exp":{{_clock.Seconds + 60}}}""",
            new TrustedHs256Verifier(_secret, "p", null)))
            .Fault.ShouldBe(TokenError.UnknownIssuer);

    private async Task<(AuthContext? Who, TokenError Fault)> VerifyAsync(string payload, TrustedHs256Verifier? trusted = null)
    {
        StrictJwt.Parse(Jwt.Hs256(payload, _secret), _clock.Now, out var token).ShouldBe(TokenError.None);
        return await (trusted ?? new TrustedHs256Verifier(_secret, null, null)).VerifyAsync(token!);
    }
}
