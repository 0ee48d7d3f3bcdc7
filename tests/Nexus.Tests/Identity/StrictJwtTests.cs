using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Server.Identity.Tokens;

namespace Nexus.Tests.Identity;

public sealed class StrictJwtTests
{
    private const string Header = """{"alg":"ES256","kid":"k1","typ":"JWT"}""";
    private static readonly SetClock _clock = new();
    private static readonly string _exp = $"\"exp\":{_clock.Seconds + 600}";

    [Fact]
    public void Valid_token_is_parsed()
    {
        var text = Jwt.Build(Header, $$"""{"iss":"i","sub":"u1","aud":["a","b"],"iat":{{_clock.Seconds}},{{_exp}}}""");

        StrictJwt.Parse(text, _clock.Now, out var token).ShouldBe(TokenError.None);

        token!.Algorithm.ShouldBe("ES256");
        token.KeyId.ShouldBe("k1");
        token.Issuer.ShouldBe("i");
        token.Subject.ShouldBe("u1");
        token.ExpiresAt.ToUnixTimeSeconds().ShouldBe(_clock.Seconds + 600);
        token.EncodedToken.ShouldBe(text);
        token.HasAudience("b").ShouldBeTrue();
        token.HasAudience("c").ShouldBeFalse();
        token.HasAudience("A").ShouldBeFalse();
    }

    public static TheoryData<string> BadHeaders =>
    [
        """{"alg":"ES256","crit":["exp"]}""", """{"alg":"ES256","crit":[]}""", """{"alg":"ES256","b64":false}""",
        """{"alg":"ES256","b64":true}""", """{"alg":"ES256","cty":"JWT"}""", """{"alg":"ES256","zip":"DEF"}""",
        """{"alg":"ES256","alg":"none"}""", """{"alg":"ES256","\u0061lg":"none"}""", """{"alg":["ES256"]}""",
        """{"kid":"k"}""", """{"alg":""}""", """{"alg":"ES256","kid":7}""", """{"alg":"ES256","kid":""}""",
        """{"alg":"ES256","typ":"logout+jwt"}""", """["alg"]""", "null", "", "{", """{"alg":"ES256"}{}""",
        """{"alg":"ES256",}""", """{"alg":"ES256"/**/}""", """{"alg":"ES256","x":"\ud800"}""", """{"alg":"ES256","\udc00":1}""",
        """{"alg":"ES256","x":"\u0000"}""", "{\"alg\":\"ES256\",\"x\":" + new string('[', 40) + new string(']', 40) + "}",
    ];

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Invalid_header_is_rejected(string header) =>
        Parse(Jwt.Build(header, $$"""{"sub":"u1",{{_exp}}}""")).ShouldBe(TokenError.Malformed);

    public static TheoryData<string> BadPayloads =>
    [
        $$"""{{{_exp}}}""", $$"""{"sub":"",{{_exp}}}""", $$"""{"sub":null,{{_exp}}}""", $$"""{"sub":5,{{_exp}}}""",
        $$"""{"sub":"a\nb",{{_exp}}}""", $$"""{"sub":"u1","sub":"u2",{{_exp}}}""", $$"""{"sub":"u1","iss":["i"],{{_exp}}}""",
        $$"""{"sub":"{{new string('u', 256)}}",{{_exp}}}""", """{"sub":"u1"}""", """{"sub":"u1","exp":"1800000600"}""",
        """{"sub":"u1","exp":1800000600.5}""", """{"sub":"u1","exp":1.8e10}""", """{"sub":"u1","exp":-1}""",
        """{"sub":"u1","exp":null}""", """{"sub":"u1","exp":253402300800}""", """{"sub":"u1","exp":99999999999999999999}""",
        $$"""{"sub":"u1","iat":"1",{{_exp}}}""", $$"""{"sub":"u1","nbf":true,{{_exp}}}""", $$"""{"sub":"u1","x":{"a":1,"a":2},{{_exp}}}""",
        $$"""{"sub":"u1","x":"\ud800",{{_exp}}}""", "[]", "\"u1\"",
    ];

    [Theory]
    [MemberData(nameof(BadPayloads))]
    public void Invalid_payload_is_rejected(string payload) =>
        Parse(Jwt.Build(Header, payload)).ShouldBe(TokenError.Malformed);

    [Fact]
    public void Maximum_expiry_is_accepted() =>
        Parse(Jwt.Build(Header, """{"sub":"u1","exp":253402300799}""")).ShouldBe(TokenError.None);

    [Theory]
    [InlineData("exp", -29, nameof(TokenError.None))]
    [InlineData("exp", -30, nameof(TokenError.Expired))]
    [InlineData("nbf", 30, nameof(TokenError.None))]
    [InlineData("nbf", 31, nameof(TokenError.NotYetValid))]
    [InlineData("iat", 30, nameof(TokenError.None))]
    [InlineData("iat", 31, nameof(TokenError.NotYetValid))]
    public void Clock_skew_of_30_seconds_is_tolerated(string claim, int offset, string expected)
    {
        var exp = claim == "exp" ? "" : $",{_exp}";
        Parse(Jwt.Build(Header, $$"""{"sub":"u1","{{claim}}":{{_clock.Seconds + offset}}{{exp}}}""")).ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData(".")]
    [InlineData(".e30")]
    [InlineData("\u00e9")]
    [InlineData("+")]
    [InlineData("/")]
    public void Non_canonical_encoding_is_rejected(string tail)
    {
        var good = Jwt.Build(Header, $$"""{"sub":"u1",{{_exp}}}""");
        Parse(good).ShouldBe(TokenError.None);
        Parse(tail.Length == 0 ? good[..(good.LastIndexOf('.') + 1)] : good + tail).ShouldBe(TokenError.Malformed);
        Parse(tail + good.Replace(".", tail + ".", StringComparison.Ordinal) + ".").ShouldBe(TokenError.Malformed);
    }

    [Fact]
    public void Stray_trailing_bits_are_rejected() =>
        Parse(Jwt.Build(Header, $$"""{"sub":"u1",{{_exp}}}""", "c2l")).ShouldBe(TokenError.Malformed, "c2k is its spelling");

    [Fact]
    public void Oversized_token_is_rejected()
    {
        var start = Jwt.Build(Header, $$"""{"sub":"u1",{{_exp}}}""", "");
        var most = StrictJwt.MaxCharacters - start.Length;
        Parse(start + new string('A', most)).ShouldBe(most % 4 == 1 ? TokenError.Malformed : TokenError.None);
        Parse(start + new string('A', most + 1)).ShouldBe(TokenError.Malformed);
        Parse(start + new string('A', 5_000_000)).ShouldBe(TokenError.Malformed);
    }

    [Fact]
    public void Invalid_UTF8_is_rejected()
    {
        var payload = Encoding.Latin1.GetBytes($$"""{"sub":"é",{{_exp}}}""");
        Parse($"{Jwt.Encode(Header)}.{System.Buffers.Text.Base64Url.EncodeToString(payload)}.c2ln").ShouldBe(TokenError.Malformed);
    }

    [Fact]
    public void Parse_never_throws_on_arbitrary_text() =>
        Prop.ForAll<string?, string?, string?>((a, b, c) =>
        {
            Parse($"{a}.{b}.{c}").ShouldNotBe(TokenError.None);
            Parse(Jwt.Build(a ?? "", b ?? "", c ?? "")).ShouldNotBe(TokenError.None);
            Parse(Jwt.Build(Header, $$"""{"sub":"u1","x":{{b}},{{_exp}}}""", c ?? ""));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_never_throws_on_mutated_token()
    {
        var good = Jwt.Build(Header, $$"""{"sub":"u1",{{_exp}}}""");
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var c in "\0\u0020.=-_Az9\u00ff\ud83d")
            {
                Parse(good[..i] + c + good[(i + 1)..]);
                Parse(good[..i] + c + good[i..]);
            }

            Parse(good[..i]).ShouldBe(TokenError.Malformed, $"cut at {i}");
        }
    }

    private static TokenError Parse(string text) => StrictJwt.Parse(text, _clock.Now, out _);
}
