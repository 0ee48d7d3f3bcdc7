using Nexus.Cli.Cards;

namespace Nexus.Tests.Cli;

public sealed class CardTextTests
{
    [Theory]
    [InlineData("card_type: own\n---\nbody")]
    [InlineData("# comment\ncard_type: own\n---\nbody")]
    [InlineData("---\ncard_type: own\n---\nbody")]
    [InlineData("\n---\ncard_type: own\n---\nbody")]
    [InlineData("---\r\ntitle: a\r\n\"card_type\" : own\r\n---\r\nbody")]
    [InlineData("---\n# note\ntags:\n  - a\n'card_type': own\n---\nbody\n---\nmore")]
    [InlineData("---\n{card_type: own, title: a}\n---\nbody")]
    public void Text_with_type_is_unchanged(string text) => CardText.WithCardType(text, "note").ShouldBe(text);

    [Fact]
    public void Type_is_added_to_front_matter()
        => CardText.WithCardType("---\ntitle: a\n---\nbody\n---\n", "note").ShouldBe("---\ncard_type: note\ntitle: a\n---\nbody\n---\n");

    [Fact]
    public void Type_is_added_to_header_before_single_separator()
        => CardText.WithCardType("title: a\ntags:\n- b\n\n---\nbody", "note")
            .ShouldBe("card_type: note\ntitle: a\ntags:\n- b\n\n---\nbody");

    [Fact]
    public void Type_is_added_to_empty_front_matter()
        => CardText.WithCardType("---\n---\nbody", "note").ShouldBe("---\ncard_type: note\n---\nbody");

    [Fact]
    public void Line_endings_are_preserved()
        => CardText.WithCardType("---\r\ntitle: a\r\n---\r\nbody", "note").ShouldBe("---\r\ncard_type: note\r\ntitle: a\r\n---\r\nbody");

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("# Heading\n\nText: with a colon, and\n\n---\n\na rule")]
    [InlineData("---\nno second line of dashes")]
    [InlineData("Time: 10:00 was late\nand prose went on\n---\nrest")]
    public void Header_is_added_to_text_without_one(string text)
        => CardText.WithCardType(text, "note").ShouldBe($"---\ncard_type: note\n---\n{text}");

    [Fact]
    public void Nested_card_type_is_ignored()
        => CardText.WithCardType("---\nother:\n  card_type: x\n---\nbody", "note")
            .ShouldBe("---\ncard_type: note\nother:\n  card_type: x\n---\nbody");

    [Theory]
    [InlineData("no", "\"no\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("field-note", "field-note")]
    public void Type_is_quoted_where_YAML_requires_it(string type, string written)
        => CardText.WithCardType("x", type).ShouldBe($"---\ncard_type: {written}\n---\nx");

    [Fact]
    public void YAML_with_type_but_no_separator_is_unchanged()
        => CardText.WithCardType("card_type: own\ntitle: a\n", "note").ShouldBe("card_type: own\ntitle: a\n");
}
