using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;

namespace Nexus.Tests.Platform.Http;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData(""" {"a":[1,-0.5,1e3,"x\u00e9\n\\u0000",{"a":1}],"b":{"a":2}} """)]
    [InlineData("\"\\ud83d\\ude00 \\uD83D\\uDE00\\\\ud800\"")]
    [InlineData("[9007199254740992,-9007199254740992,1e300,0.1]")]
    public void Valid_JSON_is_accepted(string json)
    {
        using var document = Parse(json);
        document.RootElement.GetRawText().ShouldBe(json.Trim());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("/* c */ 1")]
    [InlineData("1 // c")]
    [InlineData("'a'")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData("\"a\u0000b\"")]
    [InlineData("\"tab\there\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u12g4\"")]
    public void Malformed_JSON_is_rejected(string json) => Refused(json).ShouldStartWith("The body is not valid JSON");

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "twice")]
    [InlineData("""{"x":[{"a":1,"b":2,"\u0061":1}]}""", "twice")]
    [InlineData("""{"":1,"":1}""", "twice")]
    [InlineData("\"\\u0000\"", "U+0000")]
    [InlineData("{\"\\u0000\":1}", "U+0000")]
    [InlineData("\"\\\\\\u0000\"", "U+0000")]
    [InlineData("\"\\ud800\"", "surrogate")]
    [InlineData("\"\\udc00\"", "surrogate")]
    [InlineData("\"\\ud800\\ud800\"", "surrogate")]
    [InlineData("\"\\ud800\\n\\udc00\"", "surrogate")]
    [InlineData("\"\\ud800x\"", "surrogate")]
    [InlineData("\"\\udc00\\ud800\"", "surrogate")]
    [InlineData("{\"\\ud800\":1}", "surrogate")]
    [InlineData("9007199254740993", "number")]
    [InlineData("-9007199254740993", "number")]
    [InlineData("[1e400]", "number")]
    [InlineData("1e20", "number")]
    [InlineData("0.00000000000000000000000000000000000000000000000000000000000000001", "64")]
    [InlineData("\ufeff{}", "byte order mark")]
    public void Ambiguous_JSON_is_rejected(string json, string reason) => Refused(json).ShouldContain(reason);

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })] // overlong encoding of U+0000
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })] // a raw lone surrogate
    [InlineData(new byte[] { (byte)'"', 0xE2, 0x82 })]
    public void Invalid_UTF8_is_rejected(byte[] bytes)
    {
        StrictJson.Parse(bytes, out var reason).ShouldBeNull();
        reason.ShouldBe("The body is not valid UTF-8.");
    }

    [Fact]
    public void Nesting_is_limited_to_32_levels()
    {
        Parse(new string('[', 32) + new string(']', 32)).Dispose();
        Refused(new string('[', 33) + new string(']', 33)).ShouldContain("32 levels");
        Refused(new string('[', 100_000)).ShouldContain("32 levels");
        Refused(string.Concat(Enumerable.Repeat("{\"a\":", 33)) + "1" + new string('}', 33)).ShouldContain("32 levels");
    }

    [Fact]
    public void Options_reject_unknown_duplicate_and_missing_properties()
    {
        JsonSerializer.Deserialize<Sample>("""{"card_type":"a","max_chars":3}""", StrictJson.Options).ShouldBe(new Sample("a", 3));
        foreach (var json in (string[])
            ["""{"card_type":"a","max_chars":3,"x":1}""", """{"card_type":"a","card_type":"a","max_chars":3}""", """{"card_type":"a"}""",
             """{"card_type":null,"max_chars":3}""", """{"CardType":"a","max_chars":3}""", """{"card_type":"a","max_chars":"3"}"""])
        {
            Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Sample>(json, StrictJson.Options));
        }
    }

    [Fact]
    public void Accepted_JSON_can_be_canonicalized_and_parse_never_throws() => Prop.ForAll(
        Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"b\":",
            "1",
            "-",
            "0.5",
            "e9",
            "9007199254740993",
            "\\u",
            "\\ud800",
            "\\udc00",
            "0000",
            "\\",
            "null",
            "true",
            " ",
            "\n",
            "é",
            "\0")
            .ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
        text =>
        {
            foreach (var json in (string[])[text, $"\"{text}\"", $"[{text}]", $"{{{text}}}"])
            {
                using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), out var reason);
                if (document is null ? reason is null : CanonicalJson.Write(document.RootElement).Length == 0)
                {
                    return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static JsonDocument Parse(string json)
    {
        var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), out var reason);
        reason.ShouldBeNull();
        return document.ShouldNotBeNull();
    }

    private static string Refused(string json)
    {
        StrictJson.Parse(Encoding.UTF8.GetBytes(json), out var reason).ShouldBeNull();
        return reason.ShouldNotBeNull();
    }

    private sealed record Sample(string CardType, int MaxChars);
}
