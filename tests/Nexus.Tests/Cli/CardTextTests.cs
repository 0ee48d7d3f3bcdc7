using Nexus.Cli.Cards;
using Shouldly;
using Xunit;

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
    public void A_text_with_a_type_stays_as_it_is(string text) => CardText.WithCardType(text, "note").ShouldBe(text);

    [Fact]
    public void Front_matter_without_a_type_gets_a_line()
        => CardText.WithCardType("---\ntitle: a\n---\nbody\n---\n", "note").ShouldBe("---\ncard_type: note\ntitle: a\n---\nbody\n---\n");

    [Fact]
    public void A_header_before_one_separator_gets_a_line()
        => CardText.WithCardType("title: a\ntags:\n- b\n\n---\nbody", "note").ShouldBe("card_type: note\ntitle: a\ntags:\n- b\n\n---\nbody");

    [Fact]
    public void Empty_front_matter_gets_a_line()
        => CardText.WithCardType("---\n---\nbody", "note").ShouldBe("---\ncard_type: note\n---\nbody");

    [Fact]
    public void Line_ends_stay_those_of_the_file()
        => CardText.WithCardType("---\r\ntitle: a\r\n---\r\nbody", "note").ShouldBe("---\r\ncard_type: note\r\ntitle: a\r\n---\r\nbody");

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("# Heading\n\nText: with a colon, and\n\n---\n\na rule")]
    [InlineData("---\nno second line of dashes")]
    [InlineData("Time: 10:00 was late\nand prose went on\n---\nrest")]
    public void A_text_without_a_header_gets_one(string text)
        => CardText.WithCardType(text, "note").ShouldBe($"---\ncard_type: note\n---\n{text}");

    [Fact]
    public void A_nested_type_is_not_the_card_s()
        => CardText.WithCardType("---\nother:\n  card_type: x\n---\nbody", "note")
            .ShouldBe("---\ncard_type: note\nother:\n  card_type: x\n---\nbody");

    [Theory]
    [InlineData("no", "\"no\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("field-note", "field-note")]
    public void A_type_that_yaml_would_read_otherwise_is_quoted(string type, string written)
        => CardText.WithCardType("x", type).ShouldBe($"---\ncard_type: {written}\n---\nx");

    [Fact]
    public void A_yaml_file_with_a_type_and_no_separator_is_left_for_the_server_to_refuse()
        => CardText.WithCardType("card_type: own\ntitle: a\n", "note").ShouldBe("card_type: own\ntitle: a\n");
}
