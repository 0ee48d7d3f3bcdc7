using Nexus.Server.Knowledge.Search;

namespace Nexus.Tests.Knowledge.Search;

public sealed class RankFusionTests
{
    [Fact]
    public void Card_in_both_rankings_ranks_first()
    {
        var fused = RankFusion.Fuse((["a", "b", "c"], 1), (["d", "b", "e"], 1));
        fused.Select(hit => hit.CardId).ShouldBe(["b", "a", "d", "c", "e"]);
        fused[0].Score.ShouldBe(2 / 62.0, 1e-12);
        fused[0].Ranks.ShouldBe([2, 2]);
        fused[1].Ranks.ShouldBe([1, null]);
    }

    [Fact]
    public void Ranking_with_zero_weight_does_not_affect_order()
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
    public void Trust_grows_with_similarity_of_lexical_hits(double deviations, double trust)
    {
        var near = new VectorHits([], Mean: 0.2, StandardDeviation: 0.1);
        double[] cosines = [.. Enumerable.Repeat(0.2 + (deviations * 0.1), 10)];
        SemanticWeighting.ComputeTrust(near, cosines, 100, 100).ShouldBe(trust, 1e-9);
        SemanticWeighting.ComputeTrust(near, cosines, 25, 100).ShouldBe(trust / 4, 1e-9);
    }

    [Fact]
    public void Semantic_weight_grows_with_unknown_query_words()
    {
        SemanticWeighting.ComputeWeight(1, 0.1, 0).ShouldBe(0.1, 1e-9);
        SemanticWeighting.ComputeWeight(1, 0.1, 0.5).ShouldBe(0.325, 1e-9);
        SemanticWeighting.ComputeWeight(1, 0.1, 1).ShouldBe(1, 1e-9);
        SemanticWeighting.ComputeWeight(0, 0.1, 1).ShouldBe(0);
    }
}
