using Nexus.Server.Knowledge.Search;

namespace Nexus.Tests.Knowledge.Search;

public sealed class ExcerptTests
{
    private static readonly string _filler = string.Concat(Enumerable.Repeat("filler words go on and on ", 40));

    [Fact]
    public void A_short_body_is_shown_whole() => SnippetBuilder.Build("A short body.", new TermMatcher(["body"])).ShouldBe("A short body.");

    [Fact]
    public void The_stretch_with_the_most_different_terms_is_shown()
    {
        var body = $"{_filler} turbine turbine turbine. {_filler} The turbines drove a rotating shaft. {_filler}";
        var excerpt = SnippetBuilder.Build(body, new TermMatcher(["turbine", "rotate"]));
        excerpt.ShouldContain("turbines drove a rotating shaft");
        excerpt.ShouldStartWith("…");
        excerpt.ShouldEndWith("…");
        excerpt.Length.ShouldBeLessThanOrEqualTo(242);
    }

    [Fact]
    public void Without_a_term_in_sight_the_start_is_shown() => SnippetBuilder.Build($"Start. {_filler}", new TermMatcher(["zeppelin"])).ShouldStartWith("Start. ");

    [Theory]
    [InlineData("turbines", 0)]
    [InlineData("TURBINE", 0)]
    [InlineData("turb", -1)]
    [InlineData("rotation", 1)]
    [InlineData("Rotating", 1)]
    [InlineData("rot", -1)]
    [InlineData("by", 2)]
    [InlineData("bys", -1)]
    [InlineData("turbinesque", -1)]
    public void A_form_is_the_same_word_but_for_its_ending(string word, int expected) => new TermMatcher(["turbine", "rotate", "by"]).FindTerm(word).ShouldBe(expected);

    [Fact]
    public void What_is_worth_looking_at_is_bounded()
    {
        using var folder = new IndexFolder();
        using var index = folder.Open();
        IndexFolder.Apply(index, [IndexFolder.Card("a", 0, string.Concat(Enumerable.Repeat(_filler, 100)) + "turbine")]);
        index.Search(new LexicalQuery("turbine", 1)).Single().Snippet.ShouldStartWith("filler words");
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        for (var at = 0; at < 300; at++)
        {
            var body = new string('a', at) + string.Concat(Enumerable.Repeat("😀", 400)) + " turbine";
            foreach (var rune in SnippetBuilder.Build(body, new TermMatcher(["turbine"])).EnumerateRunes())
            {
                rune.Value.ShouldNotBe(0xFFFD);
            }
        }
    }
}
