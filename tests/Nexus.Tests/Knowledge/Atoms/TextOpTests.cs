using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Server.Knowledge.Atoms.Ops;



namespace Nexus.Tests.Knowledge.Atoms;

/// <summary>Decoding, normalising and splitting text.</summary>
public sealed class TextOpTests
{
    [Fact]
    public void Charset_comes_from_BOM_then_param_then_content_type()
    {
        Op.Run("text_identity", "\ufeffe\u0301\r\nb\rc").Content.ShouldBe("\u00e9\nb\nc");
        Op.Run("text_identity", [0xFF, 0xFE, 0x41, 0x00]).Content.ShouldBe("A");
        Op.Run("text_identity", [0xFE, 0xFF, 0x00, 0x41], "text/plain; charset=utf-8").Content.ShouldBe("A");
        Op.Run("text_identity", [0x80], "text/plain; charset=windows-1252").Content.ShouldBe("\u20ac");
        Op.Run("text_identity", [0xE9], "text/plain; charset=utf-8", """{"charset":"iso-8859-1"}""").Content.ShouldBe("\u00e9");
        Op.Run("text_identity", "").Content.ShouldBe("");
    }

    [Fact]
    public void Undecodable_bytes_are_rejected_with_their_offset()
    {
        Op.Unreadable(() => Op.Run("text_identity", [0x41, 0xC3, 0x28])).ShouldContain("utf-8 at byte 1");
        Op.Unreadable(() => Op.Run("text_identity", [0xED, 0xA0, 0x80]));
        Op.Unreadable(() => Op.Run("text_identity", [0xFF, 0xFE, 0x00, 0xD8]));
        Op.Unreadable(() => Op.Run("text_identity", [0x80], "text/plain; charset=us-ascii"));
        Op.Unreadable(() => Op.Run("text_identity", [0x41], "text/plain; charset=utf-7"));
        Op.Unreadable(() => Op.Run("text_identity", [0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0]));
        Op.Unreadable(() => Op.Run("text_identity", "a\0b")).ShouldContain("U+0000");
        Op.Unreadable(() => Op.Run("text_identity", "x", "image/png"));
        Op.Unreadable(() => Op.Run("text_identity", new byte[(16 << 20) + 1]));
    }

    [Theory]
    [InlineData("a\u0300\u0323", "\u1ea1\u0300")]
    [InlineData("\u00e0\u0323", "\u1ea1\u0300")]
    [InlineData("\u1100\u1161\u11a8", "\uac01")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u09c7\u09be", "\u09cb")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("a\u0315\u0300\u05ae\u0300\u0300b", "\u00e0\u05ae\u0300\u0300\u0315b")]
    [InlineData("plain \u4e2d\u6587 \U0001F600", "plain \u4e2d\u6587 \U0001F600")]
    public void Nfc_matches_Unicode_standard(string text, string normal)
    {
        Nfc.Normalize(text).ShouldBe(normal);
        Nfc.Normalize(normal).ShouldBe(normal);
    }

    [Fact]
    public void Nfc_handles_million_combining_marks() =>
        Nfc.Normalize("a" + string.Concat(Enumerable.Repeat("\u0300\u0323", 500_000))).Length.ShouldBe(1_000_000);

    [Fact]
    public void Text_split_prefers_paragraph_boundaries()
    {
        var paragraph = string.Join(' ', Enumerable.Repeat("word", 30));
        var parts =
            Op.Run(
                "text_split",
                string.Join("\n\n", Enumerable.Repeat(paragraph, 10)),
                parameters: """{"max_chars":320,"overlap":0}""").Children;
        parts.Count.ShouldBe(5);
        parts.ShouldAllBe(part => part.Content == paragraph + "\n\n" + paragraph);
    }

    [Fact]
    public void Text_split_covers_whole_text_within_size_limits()
    {
        var texts = Gen.ArrayOf(
            Gen.Elements("a", "word", " ", "\n", "\n\n", ". ", "\U0001F600", "\u00e9", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            2000)
            .Select(string.Concat);
        Check.QuickThrowOnFailure(Prop.ForAll(texts.ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (text, overlap) =>
        {
            var parts = Op.Run("text_split", text, parameters: $$"""{"max_chars":200,"overlap":{{overlap}}}""").Children;
            var covered = 0;
            foreach (var part in parts)
            {
                part.Content.ShouldBe(text[part.Start..part.End]);
                part.Content.Length.ShouldBeInRange(1, 200);
                Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(part.Content)).ShouldBe(part.Content);
                part.End.ShouldBeGreaterThan(covered);
                if (part.Start > covered)
                {
                    text[covered..part.Start].Trim().ShouldBeEmpty();
                }

                covered = part.End;
            }

            text[covered..].Trim().ShouldBeEmpty();
        }));
    }

    [Fact]
    public void Long_whitespace_does_not_produce_redundant_part()
    {
        var text = new string('a', 190) + " b" + new string(' ', 180) + "\n\n" + new string(' ', 180) + "c";
        var parts = Op.Run("text_split", text, parameters: """{"max_chars":200,"overlap":100}""").Children;
        parts.Select(part => part.End).ShouldBe([192, text.Length]);
    }

    [Fact]
    public void Text_split_of_10_MB_uses_bounded_memory()
    {
        string[] kinds = ["word word. ", "x", "\n", "a\n\n", "\u4e2d", "e\u0301", "\U0001F600"];
        foreach (var kind in kinds)
        {
            var text = string.Concat(Enumerable.Repeat(kind, (10 << 20) / Encoding.UTF8.GetByteCount(kind)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var parts = Op.Run("text_split", text).Children;
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(400L << 20, kind);
            parts.Sum(part => (long)part.Content.Length).ShouldBeLessThan(2L * text.Length + 1, kind);
        }
    }

    [Theory]
    [InlineData("""{"max_chars":"200"}""")]
    [InlineData("""{"max_chars":1.5}""")]
    [InlineData("""{"max_chars":199}""")]
    [InlineData("""{"max_chars":99999999999}""")]
    [InlineData("""{"max_chars":null}""")]
    [InlineData("""{"max_chars":200,"overlap":101}""")]
    [InlineData("""{"overlap":-1}""")]
    [InlineData("""{"charset":"klingon"}""")]
    [InlineData("""{"charset":[]}""")]
    [InlineData("""{"unknown":1}""")]
    [InlineData("""[]""")]
    public void Invalid_params_are_rejected(string parameters) =>
        Op.Refused(() => Op.Run("text_split", "x", parameters: parameters), "atom.params");

    [Fact]
    public void Explicit_default_params_equal_omitted_ones()
    {
        var op = AtomOpRegistry.BuiltIn.Find("text_split")!;
        var said = AtomParams.Parse(op, System.Text.Json.JsonElement.Parse("""{"overlap":200,"max_chars":2000}""")).Canonical;
        said.ShouldBe(AtomParams.Parse(op, null).Canonical);
        said.ShouldBe("""{"charset":"auto","max_chars":2000,"overlap":200}""");
    }

    [Fact]
    public void Unknown_op_is_rejected_with_route_that_lists_ops() =>
        Op.Refused(() => Op.Run("text_join", "x"), "atom.op_unknown")
            .ShouldBe("Unknown op `text_join`. GET /nexus/atoms/ops lists them.");

    [Fact]
    public void Misspelt_op_or_parameter_is_rejected_with_suggestion()
    {
        Op.Refused(() => Op.Run("text_spilt", "x"), "atom.op_unknown")
            .ShouldBe("Unknown op `text_spilt`. Did you mean `text_split`? GET /nexus/atoms/ops lists them.");
        Op.Refused(() => Op.Run("text_split", "x", parameters: """{"max_char":500}"""), "atom.params")
            .ShouldBe("Unknown parameter `max_char`. Did you mean `max_chars`? Allowed: charset, max_chars, overlap.");
        Op.Refused(() => Op.Run("identity", "x", parameters: """{"a":1}"""), "atom.params")
            .ShouldBe("Unknown parameter `a`. identity has no parameters.");
    }

    [Fact]
    public void Identity_op_has_no_content() => Op.Run("identity", [0xFF]).Content.ShouldBeNull();
}
