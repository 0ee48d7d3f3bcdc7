using Nexus.Server.Knowledge.Search;

namespace Nexus.Tests.Knowledge.Search;

public sealed class RankFusionTests
{
    [Fact]
    public void A_card_in_both_rankings_comes_before_those_in_one()
    {
        var fused = RankFusion.Fuse((["a", "b", "c"], 1), (["d", "b", "e"], 1));
        fused.Select(hit => hit.CardId).ShouldBe(["b", "a", "d", "c", "e"]);
        fused[0].Score.ShouldBe(2 / 62.0, 1e-12);
        fused[0].Ranks.ShouldBe([2, 2]);
        fused[1].Ranks.ShouldBe([1, null]);
    }

    [Fact]
    public void A_ranking_without_weight_leaves_the_other_as_it_is()
    {
        string[] words = [.. Enumerable.Range(0, 50).Select(i => $"c{i * 7 % 50}")];
        RankFusion.Fuse((words, 1), (["x", .. words.Reverse()], 0)).Select(hit => hit.CardId).Take(50).ShouldBe(words);
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(1.0, 0.0)]
    [InlineData(1.5, 0.5)]
    [InlineData(2.0, 1.0)]
    [InlineData(5.0, 1.0)]
    public void A_model_is_trusted_as_far_as_it_sees_what_the_words_show(double deviations, double trust)
    {
        var near = new VectorHits([], Mean: 0.2, StandardDeviation: 0.1);
        double[] cosines = [.. Enumerable.Repeat(0.2 + (deviations * 0.1), 10)];
        SemanticWeighting.ComputeTrust(near, cosines, 100, 100).ShouldBe(trust, 1e-9);
        SemanticWeighting.ComputeTrust(near, cosines, 25, 100).ShouldBe(trust / 4, 1e-9);
    }

    [Fact]
    public void Meaning_counts_more_where_words_occur_in_no_card()
    {
        SemanticWeighting.ComputeWeight(1, 0.1, 0).ShouldBe(0.1, 1e-9);
        SemanticWeighting.ComputeWeight(1, 0.1, 0.5).ShouldBe(0.325, 1e-9);
        SemanticWeighting.ComputeWeight(1, 0.1, 1).ShouldBe(1, 1e-9);
        SemanticWeighting.ComputeWeight(0, 0.1, 1).ShouldBe(0);
    }
}
