using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

public sealed class AccessTokensTests
{
    private readonly SetClock _clock = new();
    private readonly SigningKey _old = NewKey();
    private readonly SigningKey _new = NewKey();
    private readonly AccessTokenService _tokens;

    public AccessTokensTests() => _tokens = Tokens(_new, _old);

    [Fact]
    public async Task Minted_token_verifies_and_identifies_user()
    {
        var (who, fault) = await VerifyAsync(_tokens, _tokens.Mint(Ada));

        fault.ShouldBe(TokenError.None);
        who!.UserId.ShouldBe("u1");
        who.Email.ShouldBe("ada@example.com");
        who.TenantIds.ShouldBe(["t_b", "t_a"], "the default tenant comes first");
        who.DefaultTenantId.ShouldBe("t_b");
        who.RoleMap["t_a"].ShouldBe(Role.Owner);
        who.RoleMap["t_b"].ShouldBe(Role.Viewer);
        who.SessionId.ShouldBe("s1");
        who.Provider.ShouldBe("password");
        who.ActorType.ShouldBe("human");
        who.HasTrustedClaims.ShouldBeFalse();
        who.ExpiresAt.ShouldBe(_clock.Now.AddMinutes(15));
        who.Claims.GetProperty("jti").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Token_verifies_in_third_party_library_against_JWKS()
    {
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = "https://nexus.example",
            ValidAudience = "nexus",
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = new JsonWebKeySet(Encoding.UTF8.GetString(_tokens.KeySet.Span)).GetSigningKeys(),
            ValidateLifetime = false,
        };
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(_tokens.Mint(Ada), parameters);
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        result.ClaimsIdentity.FindFirst("sub")!.Value.ShouldBe("u1");
    }

    [Fact]
    public void JWKS_has_no_private_keys_and_uses_thumbprints_as_kid()
    {
        var keys = JsonElement.Parse(_tokens.KeySet.Span).GetProperty("keys");
        keys.GetArrayLength().ShouldBe(2);
        foreach (var key in keys.EnumerateArray())
        {
            key.TryGetProperty("d", out _).ShouldBeFalse();
            var thumbprint = new JsonWebKey(key.GetRawText()).ComputeJwkThumbprint();
            key.GetProperty("kid").GetString().ShouldBe(Base64UrlEncoder.Encode(thumbprint));
        }
    }

    [Fact]
    public async Task Older_key_verifies_until_removed()
    {
        var token = Tokens(_old).Mint(Ada);
        (await VerifyAsync(_tokens, token)).Fault.ShouldBe(TokenError.None);
        (await VerifyAsync(Tokens(_new), token)).ShouldBe((null, TokenError.UnknownKey));
    }

    [Fact]
    public async Task Token_with_wrong_issuer_or_audience_is_rejected()
    {
        var elsewhere = new AccessTokenService([_new], "https://other.example", "nexus", TimeSpan.FromMinutes(15), _clock);
        (await VerifyAsync(_tokens, elsewhere.Mint(Ada))).Fault.ShouldBe(TokenError.UnknownIssuer);
        var others = new AccessTokenService([_new], "https://nexus.example", "other", TimeSpan.FromMinutes(15), _clock);
        (await VerifyAsync(_tokens, others.Mint(Ada))).Fault.ShouldBe(TokenError.WrongAudience);
    }

    [Fact]
    public async Task Tampered_token_is_rejected()
    {
        var token = _tokens.Mint(Ada);
        for (var i = 0; i < token.Length; i += 7)
        {
            if (token[i] == '.')
            {
                continue;
            }

            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            var (who, fault) = await VerifyAsync(_tokens, changed);
            fault.ShouldNotBe(TokenError.None, $"at {i}");
            who.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Header_cannot_choose_algorithm()
    {
        var payload = $$"""{"iss":"https://nexus.example","aud":"nexus","sub":"u1","exp":{{_clock.Seconds + 60}}}""";
        var publicPart = Encoding.UTF8.GetBytes(_new.Jwk);
        var header = $$"""{"alg":"HS256","kid":"{{_new.Id}}"}""";
        (await VerifyAsync(_tokens, Jwt.Hs256(payload, publicPart, header))).Fault.ShouldBe(TokenError.WrongAlgorithm);
        (await VerifyAsync(_tokens, Jwt.Build("""{"alg":"none"}""", payload))).Fault.ShouldBe(TokenError.WrongAlgorithm);
        (await VerifyAsync(_tokens, Jwt.Build($$"""{"alg":"ES256","kid":"{{_new.Id}}"}""", payload))).Fault.ShouldBe(
            TokenError.WrongSignature);
        (await VerifyAsync(_tokens, Jwt.Build("""{"alg":"ES256"}""", payload))).Fault.ShouldBe(TokenError.UnknownKey);
    }

    [Fact]
    public async Task Tokens_are_verified_concurrently()
    {
        var good = Enumerable.Range(0, 16).Select(_ => _tokens.Mint(Ada)).ToList();
        // Each with the signature of the next one.
        var bad = good.Select((token, i) => token[..token.LastIndexOf('.')] + good[(i + 1) % 16][token.LastIndexOf('.')..]).ToList();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2_000),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) =>
            {
                (await VerifyAsync(_tokens, good[i % 16])).Fault.ShouldBe(TokenError.None);
                (await VerifyAsync(_tokens, bad[i % 16])).Fault.ShouldBe(TokenError.WrongSignature);
            });
    }

    [Fact]
    public async Task Token_expires_after_15_minutes_plus_30_seconds_leeway()
    {
        var token = _tokens.Mint(Ada);
        _clock.Now = _clock.Now.AddMinutes(15).AddSeconds(29);
        (await VerifyAsync(_tokens, token)).Fault.ShouldBe(TokenError.None);
        _clock.Now = _clock.Now.AddSeconds(1);
        (await VerifyAsync(_tokens, token)).Fault.ShouldBe(TokenError.Expired);
    }

    [Theory]
    [InlineData(4, 50)]
    [InlineData(62, 40)]
    public async Task Token_lists_as_many_tenants_as_fit(int nameLength, int atMost)
    {
        var names = Enumerable.Range(0, 60)
            .Select(i => "t_" + i.ToString("d4", CultureInfo.InvariantCulture).PadLeft(nameLength, 'x'))
            .ToList();
        var who = new AuthContext
        {
            UserId = "u1",
            Email = new string('e', 240) + "@example.com",
            Provider = "password",
            SessionId = "s1",
            TenantIds = names,
            DefaultTenantId = names[59],
            RoleMap = names.ToDictionary(n => n, _ => Role.Member),
        };

        var token = _tokens.Mint(who);

        token.Length.ShouldBeLessThanOrEqualTo(StrictJwt.MaxCharacters);
        var (read, fault) = await VerifyAsync(_tokens, token);
        fault.ShouldBe(TokenError.None);
        read!.TenantIds.Count.ShouldBeInRange(30, atMost);
        read.TenantIds[0].ShouldBe(names[59]);
    }

    [Fact]
    public async Task Signing_key_is_derived_deterministically_from_secret()
    {
        var secret = RandomNumberGenerator.GetBytes(48);
        var key = SigningKey.FromSecret(secret);
        SigningKey.FromSecret(secret).Id.ShouldBe(key.Id);
        SigningKey.FromSecret(new byte[48]).Id.ShouldNotBe(key.Id, "the number one is a key too");
        (await VerifyAsync(Tokens(key), Tokens(key).Mint(Ada))).Fault.ShouldBe(TokenError.None);
    }

    private static AuthContext Ada { get; } = new()
    {
        UserId = "u1",
        Email = "ada@example.com",
        Provider = "password",
        SessionId = "s1",
        TenantIds = ["t_a", "t_b"],
        DefaultTenantId = "t_b",
        RoleMap = new Dictionary<string, Role> { ["t_a"] = Role.Owner, ["t_b"] = Role.Viewer },
    };

    private AccessTokenService Tokens(params SigningKey[] keys) =>
        new(keys, "https://nexus.example", "nexus", TimeSpan.FromMinutes(15), _clock);

    private async Task<(AuthContext? Who, TokenError Fault)> VerifyAsync(AccessTokenService tokens, string text)
    {
        var fault = StrictJwt.Parse(text, _clock.Now, out var token);
        return fault == TokenError.None ? await tokens.VerifyAsync(token!) : (null, fault);
    }

    private static SigningKey NewKey() => SigningKey.FromSecret(RandomNumberGenerator.GetBytes(48));
}
