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
    public void Minted_token_verifies_and_identifies_user()
    {
        Verify(_tokens, _tokens.Mint(Ada), out var who).ShouldBe(TokenError.None);

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
    public void Older_key_verifies_until_removed()
    {
        var token = Tokens(_old).Mint(Ada);
        Verify(_tokens, token, out _).ShouldBe(TokenError.None);
        Verify(Tokens(_new), token, out var who).ShouldBe(TokenError.UnknownKey);
        who.ShouldBeNull();
    }

    [Fact]
    public void Token_with_wrong_issuer_or_audience_is_rejected()
    {
        var elsewhere = new AccessTokenService([_new], "https://other.example", "nexus", TimeSpan.FromMinutes(15), _clock);
        Verify(_tokens, elsewhere.Mint(Ada), out _).ShouldBe(TokenError.UnknownIssuer);
        var others = new AccessTokenService([_new], "https://nexus.example", "other", TimeSpan.FromMinutes(15), _clock);
        Verify(_tokens, others.Mint(Ada), out _).ShouldBe(TokenError.WrongAudience);
    }

    [Fact]
    public void Tampered_token_is_rejected()
    {
        var token = _tokens.Mint(Ada);
        for (var i = 0; i < token.Length; i += 7)
        {
            if (token[i] == '.')
            {
                continue;
            }

            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Verify(_tokens, changed, out var who).ShouldNotBe(TokenError.None, $"at {i}");
            who.ShouldBeNull();
        }
    }

    [Fact]
    public void Header_cannot_choose_algorithm()
    {
        var payload = $$"""{"iss":"https://nexus.example","aud":"nexus","sub":"u1","exp":{{_clock.Seconds + 60}}}""";
        var publicPart = Encoding.UTF8.GetBytes(_new.Jwk);
        var header = $$"""{"alg":"HS256","kid":"{{_new.Id}}"}""";
        Verify(_tokens, Jwt.Hs256(payload, publicPart, header), out _).ShouldBe(TokenError.WrongAlgorithm);
        Verify(_tokens, Jwt.Of("""{"alg":"none"}""", payload), out _).ShouldBe(TokenError.WrongAlgorithm);
        Verify(_tokens, Jwt.Of($$"""{"alg":"ES256","kid":"{{_new.Id}}"}""", payload), out _).ShouldBe(TokenError.WrongSignature);
        Verify(_tokens, Jwt.Of("""{"alg":"ES256"}""", payload), out _).ShouldBe(TokenError.UnknownKey);
    }

    [Fact]
    public void Token_expires_after_15_minutes_plus_30_seconds_leeway()
    {
        var token = _tokens.Mint(Ada);
        _clock.Now = _clock.Now.AddMinutes(15).AddSeconds(29);
        Verify(_tokens, token, out _).ShouldBe(TokenError.None);
        _clock.Now = _clock.Now.AddSeconds(1);
        Verify(_tokens, token, out _).ShouldBe(TokenError.Expired);
    }

    [Theory]
    [InlineData(4, 50)]
    [InlineData(62, 40)]
    public void Token_lists_as_many_tenants_as_fit(int nameLength, int atMost)
    {
        var names = Enumerable.Range(0, 60).Select(i => "t_" + i.ToString("d4", CultureInfo.InvariantCulture).PadLeft(nameLength, 'x')).ToList();
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
        Verify(_tokens, token, out var read).ShouldBe(TokenError.None);
        read!.TenantIds.Count.ShouldBeInRange(30, atMost);
        read.TenantIds[0].ShouldBe(names[59]);
    }

    [Fact]
    public void Signing_key_is_derived_deterministically_from_secret()
    {
        var secret = RandomNumberGenerator.GetBytes(48);
        var key = SigningKey.FromSecret(secret);
        SigningKey.FromSecret(secret).Id.ShouldBe(key.Id);
        SigningKey.FromSecret(new byte[48]).Id.ShouldNotBe(key.Id, "the number one is a key too");
        Verify(Tokens(key), Tokens(key).Mint(Ada), out _).ShouldBe(TokenError.None);
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

    private TokenError Verify(AccessTokenService tokens, string text, out AuthContext? who)
    {
        who = null;
        var fault = StrictJwt.Parse(text, _clock.Now, out var token);
        return fault == TokenError.None ? tokens.Verify(token!, out who) : fault;
    }

    private static SigningKey NewKey() => SigningKey.FromSecret(RandomNumberGenerator.GetBytes(48));
}
