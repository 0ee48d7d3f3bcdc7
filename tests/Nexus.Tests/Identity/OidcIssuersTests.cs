using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;

namespace Nexus.Tests.Identity;

public sealed class OidcIssuersTests : IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private OidcServer _server = null!;
    private OidcTokenVerifier _issuers = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await OidcServer.StartAsync();
        _issuers = new OidcTokenVerifier(Options(), _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _issuers.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Person_is_identified_by_issuer_and_subject()
    {
        var (person, fault) = await Verify(_server.Token(Payload()));
        fault.ShouldBe(TokenError.None);
        person!.Issuer.Issuer.ShouldBe(_server.Issuer);
        person.Subject.ShouldBe("abc|1");
        person.Email.ShouldBe("x@example.com");
    }

    [Fact]
    public async Task Token_with_wrong_issuer_or_audience_is_rejected()
    {
        (await Fault(_server.Token(Payload(iss: "https://evil.example")))).ShouldBe(TokenError.UnknownIssuer);
        (await Fault(_server.Token(Payload(iss: _server.Issuer + "/")))).ShouldBe(TokenError.UnknownIssuer);
        (await Fault(_server.Token(Payload(aud: "\"nexus2\"")))).ShouldBe(TokenError.WrongAudience);
        (await Fault(_server.Token(Payload(aud: "[\"nexus\",7]")))).ShouldBe(TokenError.WrongAudience);
        (await Fault(_server.Token(Payload(aud: "[\"x\",\"nexus\"]")))).ShouldBe(TokenError.None);
        _server.Fetches.ShouldBe(1);
    }

    [Fact]
    public async Task Key_is_selected_by_kid_only()
    {
        using var other = RSA.Create(2048);
        _server.KeySet = $$"""{"keys":[{{_server.Jwk()}},{{OidcServer.JwkOf(other, "r2")}}]}""";
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.None);
        (await Fault(_server.Token(Payload(), kid: "r2"))).ShouldBe(TokenError.WrongSignature);
        (await Fault(_server.Token(Payload(), kid: "r3"))).ShouldBe(TokenError.UnknownKey);
        (await Fault(Jwt.Rs256("""{"alg":"RS256"}""", Payload(), _server.Key))).ShouldBe(TokenError.UnknownKey);
    }

    [Fact]
    public async Task Header_cannot_choose_algorithm()
    {
        var header = """{"alg":"X","kid":"r1"}""";
        (await Fault(
            Jwt.Hs256(Payload(), _server.Key.ExportRSAPublicKey(), header.Replace("X", "HS256", StringComparison.Ordinal)))).ShouldBe(
            TokenError.WrongAlgorithm);
        (await Fault(Jwt.Build(header.Replace("X", "none", StringComparison.Ordinal), Payload()))).ShouldBe(TokenError.WrongAlgorithm);
        (await Fault(Jwt.Build(header.Replace("X", "PS256", StringComparison.Ordinal), Payload()))).ShouldBe(TokenError.WrongAlgorithm);
        (await Fault(Jwt.Build(header.Replace("X", "ES256", StringComparison.Ordinal), Payload()))).ShouldBe(TokenError.WrongSignature);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Only_the_allowed_algorithm_verifies(string algorithm)
    {
        var (named, crv) = algorithm switch
        {
            "ES384" => (ECCurve.NamedCurves.nistP384, "P-384"),
            "ES512" => (ECCurve.NamedCurves.nistP521, "P-521"),
            _ => (ECCurve.NamedCurves.nistP256, "P-256"),
        };
        using var curve = ECDsa.Create(named);
        var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        var point = curve.ExportParameters(false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        _server.KeySet = $$"""{"keys":[{{_server.Jwk()}},{"kty":"EC","kid":"e1","crv":"{{crv}}","x":"{{x}}","y":"{{y}}"}]}""";
        var kid = algorithm[0] == 'E' ? "e1" : _server.KeyId;
        var input = $"{Jwt.Encode($$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""")}.{Jwt.Encode(Payload())}";
        var bytes = Encoding.ASCII.GetBytes(input);
        var signature = algorithm[0] switch
        {
            'E' => curve.SignData(bytes, hash),
            'P' => _server.Key.SignData(bytes, hash, RSASignaturePadding.Pss),
            _ => _server.Key.SignData(bytes, hash, RSASignaturePadding.Pkcs1),
        };
        var token = $"{input}.{Base64Url.EncodeToString(signature)}";
        foreach (var allowed in PublicKey.Algorithms)
        {
            var options = Options();
            options.Issuers[0].Algorithms = [allowed];
            using var issuers = new OidcTokenVerifier(options, _clock);
            (await Verify(token, issuers)).Fault.ShouldBe(allowed == algorithm ? TokenError.None : TokenError.WrongAlgorithm, allowed);
        }
    }

    [Fact]
    public async Task Non_signing_weak_or_ambiguous_keys_are_ignored()
    {
        using var weak = RSA.Create(1024);
        var jwk = _server.Jwk();
        foreach (var set in new[]
        {
            jwk.Replace("\"sig\"", "\"enc\"", StringComparison.Ordinal),
            jwk.Replace("\"use\":\"sig\"", "\"key_ops\":[\"encrypt\"]", StringComparison.Ordinal),
            jwk.Replace("\"use\"", "\"alg\":\"RS512\",\"use\"", StringComparison.Ordinal),
            OidcServer.JwkOf(weak, "r1"),
            jwk + "," + jwk,
            "null,7,\"x\"",
        })
        {
            _server.KeySet = $$"""{"keys":[{{set}}]}""";
            using var issuers = new OidcTokenVerifier(Options(), _clock);
            var (person, fault) = await Verify(_server.Token(Payload()), issuers);
            person.ShouldBeNull(set);
            fault.ShouldBeOneOf(TokenError.UnknownKey, TokenError.WrongSignature);
        }
    }

    [Fact]
    public async Task Rotated_key_is_fetched_and_unknown_kids_are_throttled()
    {
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.None);
        var old = _server.Token(Payload());
        _server.Key = RSA.Create(2048);
        _server.KeyId = "r2";

        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.UnknownKey, "just fetched");
        _clock.Now = _clock.Now.AddSeconds(30);
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.None);
        (await Fault(old)).ShouldBe(TokenError.UnknownKey, "the issuer took it back");
        for (var i = 0; i < 50; i++)
        {
            (await Fault(_server.Token(Payload(), kid: $"invented-{i}"))).ShouldBe(TokenError.UnknownKey);
        }

        _server.Fetches.ShouldBe(2);
    }

    [Fact]
    public async Task Concurrent_verifications_fetch_keys_once()
    {
        var token = _server.Token(Payload());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Fault(token)));
        answers.ShouldAllBe(f => f == TokenError.None);
        _server.Fetches.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelled_caller_neither_aborts_nor_repeats_fetch()
    {
        using var caller = new CancellationTokenSource();
        _server.WhileFetching = caller.Cancel;
        StrictJwt.Parse(_server.Token(Payload()), _clock.Now, out var token).ShouldBe(TokenError.None);

        (await _issuers.VerifyAsync(token!, caller.Token)).Fault.ShouldBe(TokenError.None);

        (await Fault(_server.Token(Payload(), kid: "invented"))).ShouldBe(TokenError.UnknownKey);
        _server.Fetches.ShouldBe(1);
    }

    [Fact]
    public async Task Unreachable_issuer_is_reported_and_token_is_rejected()
    {
        _server.IsDown = true;
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.IssuerUnreachable);
        _server.IsDown = false;
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.IssuerUnreachable, "asked a moment ago");
        _clock.Now = _clock.Now.AddSeconds(5);
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.None);
    }

    [Fact]
    public async Task Keys_refresh_hourly_and_stay_valid_one_more_hour()
    {
        await Fault(_server.Token(Payload()));
        _clock.Now = _clock.Now.AddMinutes(61);
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.None);
        _server.Fetches.ShouldBe(2);
        _server.IsDown = true;
        _clock.Now = _clock.Now.AddMinutes(119);
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.None);
        _clock.Now = _clock.Now.AddMinutes(2);
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.IssuerUnreachable);
    }

    [Theory]
    [InlineData("""{"issuer":"https://evil.example","jwks_uri":"ISSUER/keys"}""")]
    [InlineData("""{"issuer":"ISSUER/","jwks_uri":"ISSUER/keys"}""")]
    [InlineData("""{"jwks_uri":"ISSUER/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"ISSUER/redirect"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"ISSUER/long"}""")]
    [InlineData("""{"issuer":"ISSUER","issuer":"ISSUER","jwks_uri":"ISSUER/keys"}""")]
    [InlineData("not json")]
    public async Task Invalid_discovery_document_is_rejected(string document)
    {
        _server.Discovery = document.Replace("ISSUER", _server.Issuer, StringComparison.Ordinal);
        (await Fault(_server.Token(Payload()))).ShouldBe(TokenError.IssuerUnreachable);
    }

    [Fact]
    public async Task Private_addresses_are_refused_unless_allowed()
    {
        using var guarded = new SsrfSafeHttpClient(allowPrivate: false);
        guarded.IsAllowed(new Uri(_server.Issuer)).ShouldBeFalse("plain HTTP");
        var port = new Uri(_server.Issuer).Port;
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254" })
        {
            (await guarded.GetAsync(new Uri($"https://{host}:{port}/keys"), Cancellation)).ShouldBeNull();
        }

        _server.Fetches.ShouldBe(0);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001::1", false)]
    [InlineData("ff02::1", false)]
    public void IsPublic_recognizes_private_and_reserved_addresses(string address, bool expected) =>
        PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(expected);

    [Fact]
    public void Validation_reports_every_invalid_option()
    {
        var options = new AuthOptions
        {
            AccessTokenMinutes = 0,
            RefreshTokenDays = 0,
            TrustedHs256Secret = "short",
            Issuers = [new IssuerOptions { Issuer = "http://issuer.example", Role = "Admin", Tenants = ["acme"], Algorithms = ["HS256"] }],
        };
        var validator = new AuthOptionsValidator();
        var failures = validator.Validate(null, options).Failures!.ToList();
        failures.Count.ShouldBe(8);
        failures.Count(m => m.StartsWith("Nexus:Auth:Issuers:0:", StringComparison.Ordinal)).ShouldBe(5);
        validator.Validate(null, Options()).Succeeded.ShouldBeTrue();
        validator.Validate(null, new AuthOptions()).Succeeded.ShouldBeTrue();
    }

    private AuthOptions Options() => new()
    {
        AllowPrivateIssuers = true,
        Issuers = [new IssuerOptions { Issuer = _server.Issuer, Audience = "nexus", Tenants = ["t_acme"] }],
    };

    private string Payload(string? iss = null, string aud = "\"nexus\"") =>
        $$"""{"iss":"{{iss ?? _server.Issuer}}","sub":"abc|1","aud":{{aud}},"email":"x@example.com","exp":{{_clock.Seconds + 86_400}}}""";

    private async Task<TokenError> Fault(string text) => (await Verify(text)).Fault;

    private async Task<(OidcIdentity? Person, TokenError Fault)> Verify(string text, OidcTokenVerifier? issuers = null)
    {
        StrictJwt.Parse(text, _clock.Now, out var token).ShouldBe(TokenError.None);
        return await (issuers ?? _issuers).VerifyAsync(token!, Cancellation);
    }
}
