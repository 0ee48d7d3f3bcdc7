using Nexus.Server.Platform.Http;

namespace Nexus.Tests.Platform.Http;

/// <summary>What an unknown word of a closed set is answered with.</summary>
public sealed class SuggestionsTests
{
    private static readonly string[] _words = ["query_text", "top_k", "mode", "explain", "filters", "text_split"];

    [Theory]
    [InlineData("query", "query_text")]
    [InlineData("queryText", "query_text")]
    [InlineData("Top_k", "top_k")]
    [InlineData("text_spilt", "text_split")]
    [InlineData("filter", "filters")]
    [InlineData("moed", "mode")]
    [InlineData("created_by", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Nearest_word_is_found_by_edit_distance_or_as_abbreviation(string value, string? nearest) =>
        Suggestions.Nearest(value, _words).ShouldBe(nearest);

    [Fact]
    public void Nearest_word_ignores_overlong_values() => Suggestions.Nearest("mode" + new string('e', 100_000), _words).ShouldBeNull();

    [Fact]
    public void Unknown_word_names_value_nearest_word_and_short_set()
    {
        Suggestions.Unknown("role", "amdin", ["owner", "admin"]).ShouldBe(
            "Unknown role `amdin`. Did you mean `admin`? Allowed: owner, admin.");
        Suggestions.Unknown("role", "x", ["owner", "admin"]).ShouldBe("Unknown role `x`. Allowed: owner, admin.");
        Suggestions.Unknown("op", "text_spilt", _words, "GET /nexus/atoms/ops lists them.")
            .ShouldBe("Unknown op `text_spilt`. Did you mean `text_split`? GET /nexus/atoms/ops lists them.");
        Suggestions.Unknown("field", "query", _words).ShouldBe("Unknown field `query`. Did you mean `query_text`?");
    }

    [Fact]
    public void Quoted_value_is_bounded_and_has_no_control_characters()
    {
        Suggestions.Quote("a\r\n`b`\u0000").ShouldBe("`a???b??`");
        Suggestions.Quote(new string('a', 64)).ShouldBe("`" + new string('a', 64) + "`");
        Suggestions.Quote(new string('a', 65)).ShouldBe("`" + new string('a', 64) + "…`");
        Suggestions.Quote(new string('a', 63) + "🦊").ShouldBe("`" + new string('a', 63) + "…`");
    }
}
