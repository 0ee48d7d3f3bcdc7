using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class CanonicalJsonTests
{
    // RFC 8785, section 3.2.2, and its result in 3.2.4.
    private const string Sample = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """;

    private const string SampleCanonical =
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""";

    // RFC 8785, section 3.2.3: sorted by UTF-16 code units, so U+1F600 comes before U+FB33.
    private const string Names = """
        {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
         "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
        """;

    private static readonly string[] _namesInOrder =
        ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"];

    [Fact]
    public void RFC_8785_sample_matches_byte_for_byte() => Both(Sample).ShouldBe(SampleCanonical);

    [Fact]
    public void Names_are_ordered_by_utf16_code_units()
    {
        foreach (var text in (string[])
        [
            Names,
            Names.Replace("\\u20ac", "€", StringComparison.Ordinal)
                .Replace("\\ufb33", "\ufb33", StringComparison.Ordinal)
                .Replace("\\ud83d\\ude00", "\ud83d\ude00", StringComparison.Ordinal),
        ])
        {
            using var sorted = JsonDocument.Parse(Both(text));
            sorted.RootElement.EnumerateObject().Select(p => p.Value.GetString()).ShouldBe(_namesInOrder);
        }
    }

    // RFC 8785, appendix B.
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    [InlineData(0x3e60000000000000, "2.9802322387695312e-8")] // 2^-25 and 2^-958, which .NET's "R" formats as another number
    [InlineData(0x0410000000000000, "4.1045368012983762e-289")]
    public void Numbers_match_RFC_8785_appendix_B(ulong bits, string expected)
    {
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        Encoding.ASCII.GetString(text[..CanonicalNumber.Format(BitConverter.UInt64BitsToDouble(bits), text)]).ShouldBe(expected);
    }

    [Fact]
    public void Powers_of_two_and_neighbors_round_trip()
    {
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        for (var exponent = -1074; exponent < 1024; exponent++)
        {
            var power = Math.ScaleB(1, exponent);
            foreach (var value in (double[])[power, -power, Math.BitDecrement(power), Math.BitIncrement(power)])
            {
                double.Parse(text[..CanonicalNumber.Format(value, text)], System.Globalization.CultureInfo.InvariantCulture)
                    .ShouldBe(value);
            }
        }
    }

    [Fact]
    public void Every_finite_number_round_trips() => Prop.ForAll(ArbMap.Default.ArbFor<long>(), bits =>
    {
        var value = BitConverter.Int64BitsToDouble(bits * 0x9E3779B97F4A7C1);
        if (!double.IsFinite(value))
        {
            return true;
        }

        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        text = text[..CanonicalNumber.Format(value, text)];
        return double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) == value
            && CanonicalNumber.TryParse(text, out _) == CanonicalNumber.IsExact(value);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("0")]
    public void Integers_up_to_2_pow_53_are_unchanged(string literal) => Both(literal).ShouldBe(literal);

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("10000000000000000000000000")]
    [InlineData("1e20")] // would be formatted as digits, which the parser would then reject
    [InlineData("1e400")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"b":0,"a":1,"\u0061":2}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"\udc00x":1}""")]
    public void JSON_without_canonical_form_is_rejected(string json)
    {
        using var document = JsonDocument.Parse(json);
        Should.Throw<FormatException>(() => CanonicalJson.Write(document.RootElement));
        Should.Throw<FormatException>(() => CanonicalJson.Write(JsonNode.Parse(json)));
    }

    [Fact]
    public void Invalid_text_deep_nesting_and_infinity_are_rejected()
    {
        Should.Throw<FormatException>(() => CanonicalJson.Write(new JsonObject { ["a"] = "\ud800" }));
        Should.Throw<FormatException>(() => CanonicalJson.Write(new JsonObject { ["\udfff"] = 1 }));
        Should.Throw<FormatException>(() => CanonicalJson.Write(new JsonArray(double.PositiveInfinity)));
        using var invalid = JsonDocument.Parse("\"\u00ff\""u8.ToArray().Select(b => b == 0xBF ? (byte)0xFF : b).ToArray());
        Should.Throw<FormatException>(() => CanonicalJson.Write(invalid.RootElement));

        JsonNode? deep = null;
        for (var i = 0; i <= CanonicalJson.MaxDepth; i++)
        {
            deep = new JsonArray(deep);
        }

        Should.Throw<FormatException>(() => CanonicalJson.Write(deep));
    }

    [Fact]
    public void JsonNode_values_are_written_like_parsed_JSON()
    {
        var node = new JsonObject
        {
            ["z"] = 1.50m,
            ["n"] = null,
            ["i"] = 42L,
            ["f"] = -0.0,
            ["a"] = new JsonArray(true, "é\u007f<>&"),
            [""] = 1e-7,
        };
        Encoding.UTF8.GetString(CanonicalJson.Write(node))
            .ShouldBe("""{"":1e-7,"a":[true,"é<>&"],"f":0,"i":42,"n":null,"z":1.5}""".Replace("é", "é\u007f", StringComparison.Ordinal));
        Encoding.UTF8.GetString(CanonicalJson.Write((JsonNode?)null)).ShouldBe("null");
    }

    [Fact]
    public void Object_properties_are_sorted_complete_and_stable() =>
        Prop.ForAll(ArbMap.Default.ArbFor<Dictionary<NonNull<string>, string?>>(), map =>
        {
            var plain = map.Where(p => IsWellFormed(p.Key.Get) && IsWellFormed(p.Value ?? "")).ToDictionary(p => p.Key.Get, p => p.Value);
            var json = JsonSerializer.Serialize(plain);
            var canonical = Both(json);
            var back = JsonSerializer.Deserialize<Dictionary<string, string?>>(canonical)!;
            return back.Count == plain.Count
                && back.All(p => plain[p.Key] == p.Value)
                && back.Keys.SequenceEqual(plain.Keys.Order(StringComparer.Ordinal))
                && Both(canonical) == canonical;
        }).QuickCheckThrowOnFailure();

    private static string Both(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement));
        Encoding.UTF8.GetString(CanonicalJson.Write(JsonNode.Parse(json))).ShouldBe(text);
        return text;
    }

    private static bool IsWellFormed(string text)
    {
        try
        {
            return new UTF8Encoding(false, true).GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
