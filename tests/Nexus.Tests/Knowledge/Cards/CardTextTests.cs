using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Server.Knowledge.Cards;

namespace Nexus.Tests.Knowledge.Cards;

public sealed class CardTextTests
{
    [Fact]
    public void Header_separator_and_body_are_parsed()
    {
        const string Text =
            "card_type: note\ntitle: Hello\nartifact_refs: [a1, \"b 2\"]\ntenant_id: t_acme\nenv: dev\nextra: {n: 1.50, on: yes}\n---\n\n "
            + "The body.\n";
        var card = Parse(Text);
        card.FullText.ShouldBeSameAs(Text);
        card.BodyText.ShouldBe("The body.");
        card.CardType.ShouldBe("note");
        card.Version.ShouldBe("v1");
        card.TenantId.ShouldBe("t_acme");
        card.Env.ShouldBe("dev");
        card.HeaderJson.ShouldBe(
            """{"artifact_refs":["a1","b 2"],"card_type":"note","env":"dev","extra":{"n":1.5,"on":"yes"},"tenant_id":"t_acme","title":"Hello"}""");
    }

    [Theory]
    [InlineData("---\ncard_type: note\n---\nbody", "body")]
    [InlineData("\ufeff---\ncard_type: note\n---\nbody", "body")]
    [InlineData("\n---\ncard_type: note\n---\nbody", "body")]
    [InlineData("---\r\ncard_type: note\r\n---\r\nbody\r\n", "body")]
    [InlineData("card_type: note\r\n---\r\nbody", "body")]
    [InlineData("card_type: note\n---\nbody\n---\nmore", "body\n---\nmore")]
    [InlineData("---\ncard_type: note\n---\nbody\n---\nmore", "body\n---\nmore")]
    [InlineData("card_type: note\nx: a --- b\ny: \"---\"\n---\nbody", "body")]
    [InlineData("card_type: note\n---", "")]
    [InlineData("card_type: note\n---\r", "")]
    public void Only_first_separator_line_ends_header(string text, string body)
    {
        var card = Parse(text);
        card.BodyText.ShouldBe(body);
        card.CardType.ShouldBe("note");
        card.FullText.ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("card_type: note")]
    [InlineData("card_type: note\n----\nbody")]
    [InlineData("card_type: note\n--- \nbody")]
    [InlineData("card_type: note\n ---\nbody")]
    [InlineData("card_type: note ---\nbody")]
    [InlineData("---\ncard_type: note\nbody")]
    [InlineData("---")]
    public void Missing_separator_is_rejected(string text) => Refused(text).Code.ShouldBe("card.separator");

    [Theory]
    [InlineData("title: x")]
    [InlineData("card_type:")]
    [InlineData("card_type: ''")]
    [InlineData("card_type: ' '")]
    [InlineData("card_type: 5")]
    [InlineData("card_type: [note]")]
    [InlineData("card_type: \"a\\tb\"")]
    [InlineData("Card_Type: note")]
    [InlineData("# only a comment")]
    public void Missing_or_invalid_card_type_is_rejected(string yaml) => Refused(yaml + "\n---\nbody").Code.ShouldBe("card.type_missing");

    [Fact]
    public void Card_type_is_limited_to_100_characters()
    {
        Parse($"card_type: {new string('a', 100)}\n---\n").CardType.Length.ShouldBe(100);
        Refused($"card_type: {new string('a', 101)}\n---\n").Code.ShouldBe("card.type_missing");
        Refused("---\n---\nbody").Code.ShouldBe("card.type_missing");
    }

    [Theory]
    [InlineData("2", "2")]
    [InlineData("1.10", "1.10")]
    [InlineData("v3", "v3")]
    [InlineData("'07'", "07")]
    [InlineData("~", "v1")]
    public void Version_is_kept_as_written(string written, string version) =>
        Parse($"card_type: note\nversion: {written}\n---\n").Version.ShouldBe(version);

    [Theory]
    [InlineData("null", "null")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("True", "true")]
    [InlineData("false", "false")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("2024-01-31", "\"2024-01-31\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("+7", "7")]
    [InlineData("007", "7")]
    [InlineData("0x1F", "31")]
    [InlineData("0o17", "15")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("-.5e3", "-500")]
    [InlineData("1.", "1")]
    [InlineData("1e3", "1000")]
    [InlineData("e3", "\"e3\"")]
    [InlineData("+", "\"+\"")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("'9007199254740993'", "\"9007199254740993\"")]
    [InlineData("|\n  two\n  lines", "\"two\\nlines\\n\"")]
    [InlineData("{a: [], b: {}}", """{"a":[],"b":{}}""")]
    [InlineData("{a: 1, b}", """{"a":1,"b":null}""")]
    public void Scalars_follow_YAML_core_schema(string yaml, string json)
    {
        var card = Parse($"card_type: note\nx: {yaml}\n---\n");
        using var header = JsonDocument.Parse(card.HeaderJson);
        header.RootElement.GetProperty("x").GetRawText().ShouldBe(json);
    }

    [Theory]
    [InlineData("card_type: note\n  bad: [", 2)]
    [InlineData("card_type: note\nx: 9007199254740993", 2)]
    [InlineData("card_type: note\n\nx: 0x20000000000001", 3)]
    [InlineData("x: 0o777777777777777777777777777", 1)]
    [InlineData("x: 1e20", 1)]
    [InlineData("x: 1e400", 1)]
    [InlineData("x: -.inf", 1)]
    [InlineData("x: .NaN", 1)]
    [InlineData("a: 1\nb: 2\na: 3", 3)]
    [InlineData("x: {a: 1, \"a\": 2}", 1)]
    [InlineData("1: a\n'1': b", 2)]
    [InlineData("x: &a 1", 1)]
    [InlineData("x: *a", 1)]
    [InlineData("x: &a 1\ny: *a", 1)]
    [InlineData("&k x: 1", 1)]
    [InlineData("x: !!str 1", 1)]
    [InlineData("x: !foo {}", 1)]
    [InlineData("x: !<tag:yaml.org,2002:binary> aGk=", 1)]
    [InlineData("card_type: note\n<<: {a: 1}", 2)]
    [InlineData("? [a]\n: 1", 1)]
    [InlineData("x: \"\\0\"", 1)]
    [InlineData("x: \"\\uD800\"", 1)]
    [InlineData("x: \"\\UFFFFFFFF\"", 1)]
    [InlineData("- a\n- b", 1)]
    [InlineData("just text", 1)]
    [InlineData("a: 1\n...\nb: 2", 3)]
    [InlineData("a: 1\n--- \nb: 2", 2)]
    [InlineData("...\n...", 1)]
    [InlineData("%YAML 1.1\n--- \ncard_type: note", 1)]
    [InlineData("%TAG ! tag:x,2000:\n--- \ncard_type: !a note", 3)]
    [InlineData("card_type: note\ntitle: [a]", null)]
    [InlineData("card_type: note\nversion: {a: 1}", null)]
    [InlineData("card_type: note\nversion: ''", null)]
    [InlineData("card_type: note\ntenant_id: [t_a]", null)]
    [InlineData("card_type: note\nenv: {}", null)]
    [InlineData("card_type: note\nartifact_refs: a", null)]
    [InlineData("card_type: note\nartifact_refs: [a, 1]", null)]
    [InlineData("card_type: note\nartifact_refs: [null]", null)]
    public void Invalid_or_unsupported_YAML_is_rejected_with_its_line(string yaml, int? line)
    {
        var plain = Refused(yaml + "\n---\nbody");
        plain.Code.ShouldBe("card.yaml");
        plain.Detail.ShouldNotContain("YamlDotNet");
        if (line is { } at)
        {
            plain.Detail.ShouldContain($"line {at}");
            Refused("---\n" + yaml + "\n---\nbody").Detail.ShouldContain($"line {at + 1}");
        }
    }

    [Theory]
    [InlineData("[", 6_000)]
    [InlineData("[", 8_192)]
    [InlineData("{", 8_192)]
    [InlineData("- ", 4_096)]
    [InlineData("- ", 20_000)]
    [InlineData("? ", 4_096)]
    [InlineData("[", 128)]
    [InlineData("[']'", 2_000)]
    [InlineData("[\n", 4_000)]
    [InlineData("{a: ", 2_000)]
    [InlineData("{? ", 2_700)]
    [InlineData("[a: ", 2_000)]
    [InlineData("? - ", 2_000)]
    [InlineData("[[],", 2_000)]
    [InlineData("? x\n", 2_000)]
    [InlineData("a: ", 2_700)]
    [InlineData("!", 8_000)]
    [InlineData("\"", 8_000)]
    [InlineData("%", 8_000)]
    public void Deeply_nested_YAML_is_rejected_without_stack_overflow(string piece, int times)
    {
        // A quarter of the usual stack, so that recursion per nesting level would crash the run.
        CardTextError? error = null;
        var thread = new Thread(() => error = Refused(string.Concat(Enumerable.Repeat(piece, times)) + "\n---\nbody"), 256 * 1024);
        thread.Start();
        thread.Join();
        error.ShouldNotBeNull().Code.ShouldBeOneOf("card.yaml", "card.type_missing");
    }

    [Fact]
    public void Header_is_limited_to_16_levels_and_8_KiB()
    {
        Parse($"card_type: note\nx: {new string('[', 15)}{new string(']', 15)}\n---\n").CardType.ShouldBe("note");
        Refused($"card_type: note\nx: {new string('[', 16)}{new string(']', 16)}\n---\n").Code.ShouldBe("card.yaml");

        const string Head = "card_type: note\nx: ";
        Parse(Head + new string('é', (8191 - Head.Length) / 2) + "\n---\n");
        Refused(Head + new string('é', (8194 - Head.Length) / 2) + "\n---\n").Detail.ShouldContain("8 KiB");
        Refused(Head + "[" + string.Concat(Enumerable.Repeat("a,", 1000)) + "]\n---\n").Detail.ShouldContain("1,000");
    }

    [Fact]
    public void Null_character_or_lone_surrogate_is_rejected()
    {
        // Not InlineData: attributes are UTF-8 and would replace lone surrogates.
        foreach (var body in (string[])["a\0b", "a\ud800b", "\udc00\ud800", "\ud83d", "\udc00"])
        {
            Refused("card_type: note\n---\n" + body).Code.ShouldBe("card.text");
        }

        Refused("card_type: no\udc00te\n---\n").Code.ShouldBe("card.text");
    }

    [Fact]
    public void Surrogate_pairs_are_accepted() =>
        Parse("card_type: \"n\\U0001F600\"\n---\n\ud83d\ude00\ud83d\ude00").CardType.ShouldBe("n\ud83d\ude00");

    [Fact]
    public void TryParse_never_throws() => Prop.ForAll(
        Gen.Elements(
            "a: ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "  ",
            "---\n",
            "\"",
            "'",
            "&x ",
            "*x",
            "!t ",
            "|",
            ">",
            "?",
            ":",
            "#",
            "%YAML",
            "\t",
            "\r",
            "0x",
            "\\u",
            "é",
            "...",
            "card_type: n\n",
            ",",
            "\u2028",
            "@",
            "`")
            .ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
        text => CardText.TryParse(text + "\n---\nb", out var card, out var error)
            ? JsonNode.Parse(card.HeaderJson) is JsonObject && error is null
            : error.Code.StartsWith("card.", StringComparison.Ordinal)).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static CardText Parse(string text) =>
        CardText.TryParse(text, out var card, out var error) ? card : throw new Xunit.Sdk.XunitException(error.ToString());

    private static CardTextError Refused(string text) =>
        CardText.TryParse(text, out var card, out var error) ? throw new Xunit.Sdk.XunitException(card.HeaderJson) : error;
}
