using Nexus.Server.Search;

namespace Nexus.Tests.Search;

public sealed class ExcerptTests
{
    private static readonly string _filler = string.Concat(Enumerable.Repeat("filler words go on and on ", 40));

    [Fact]
    public void A_short_body_is_shown_whole() => Excerpt.Of("A short body.", ["body"]).ShouldBe("A short body.");

    [Fact]
    public void The_stretch_with_the_most_different_terms_is_shown()
    {
        var body = $"{_filler} turbine turbine turbine. {_filler} The turbines drove a rotating shaft. {_filler}";
        var excerpt = Excerpt.Of(body, ["turbine", "rotate"]);
        excerpt.ShouldContain("turbines drove a rotating shaft");
        excerpt.ShouldStartWith("…");
        excerpt.ShouldEndWith("…");
        excerpt.Length.ShouldBeLessThanOrEqualTo(242);
    }

    [Fact]
    public void Without_a_term_in_sight_the_start_is_shown() => Excerpt.Of($"Start. {_filler}", ["zeppelin"]).ShouldStartWith("Start. ");

    [Fact]
    public void No_character_is_cut_in_two()
    {
        for (var at = 0; at < 300; at++)
        {
            var body = new string('a', at) + string.Concat(Enumerable.Repeat("😀", 400)) + " turbine";
            foreach (var rune in Excerpt.Of(body, ["turbine"]).EnumerateRunes())
            {
                rune.Value.ShouldNotBe(0xFFFD);
            }
        }
    }
}
