using Nexus.Server.Knowledge.Search;

namespace Nexus.Tests.Knowledge.Search;

public sealed class ExcerptTests
{
    private static readonly string _filler = string.Concat(Enumerable.Repeat("filler words go on and on ", 40));

    [Fact]
    public void Short_body_is_returned_whole() =>
        SnippetBuilder.Build("A short body.", new TermMatcher(["body"])).ShouldBe("A short body.");

    [Fact]
    public void Excerpt_covers_passage_with_most_distinct_terms()
    {
        var body = $"{_filler} turbine turbine turbine. {_filler} The turbines drove a rotating shaft. {_filler}";
        var excerpt = SnippetBuilder.Build(body, new TermMatcher(["turbine", "rotate"]));
        excerpt.ShouldContain("turbines drove a rotating shaft");
        excerpt.ShouldStartWith("…");
        excerpt.ShouldEndWith("…");
        excerpt.Length.ShouldBeLessThanOrEqualTo(242);
    }

    [Fact]
    public void Body_without_terms_is_excerpted_from_start() =>
        SnippetBuilder.Build($"Start. {_filler}", new TermMatcher(["zeppelin"])).ShouldStartWith("Start. ");

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
    public void Term_forms_match_inflected_words(string word, int expected) =>
        new TermMatcher(["turbine", "rotate", "by"]).FindTerm(word).ShouldBe(expected);

    [Fact]
    public void Terms_beyond_scan_limit_are_ignored()
    {
        using var folder = new IndexFolder();
        using var index = folder.Open();
        IndexFolder.Apply(index, [IndexFolder.Card("a", 0, string.Concat(Enumerable.Repeat(_filler, 100)) + "turbine")]);
        index.Search(new LexicalQuery("turbine", 1)).Single().Snippet.ShouldStartWith("filler words");
    }

    [Fact]
    public void Surrogate_pairs_are_not_split()
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
