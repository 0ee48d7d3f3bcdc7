using Nexus.Server.Knowledge.Search;

namespace Nexus.Tests.Knowledge.Search;

public sealed class VectorIndexTests
{
    [Fact]
    public void Search_matches_brute_force_after_many_changes()
    {
        var random = new Random(3);
        var slow = new Dictionary<string, float[]>(StringComparer.Ordinal);
        using var index = new VectorIndex(16);
        for (var i = 0; i < 6_000; i++)
        {
            var id = $"c{random.Next(2_500)}";
            if (random.Next(4) == 0)
            {
                index.Remove(id).ShouldBe(slow.Remove(id));
                continue;
            }

            float[] vector = [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f)];
            index.Upsert(id, i, vector);
            slow[id] = VectorIndex.Normalize(vector)!;
        }

        index.Count.ShouldBe(slow.Count);
        var query = VectorIndex.Normalize([.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f)])!;
        string[] expected =
        [
            .. slow.OrderByDescending(card => card.Value.Zip(query, (a, b) => a * b).Sum()).Select(card => card.Key).Take(10),
        ];
        index.Search(query, 10, _ => true).Hits.Select(hit => hit.CardId).ShouldBe(expected);
        index.Search(query, 10, id => id != expected[0]).Hits[0].CardId.ShouldBe(expected[1]);
        index.Search(query, 10_000, _ => true).Hits.Count.ShouldBe(slow.Count);
    }

    [Fact]
    public void Equal_scores_are_ordered_by_id()
    {
        using var index = new VectorIndex(2);
        foreach (var id in (string[])["c", "a", "d", "b"])
        {
            index.Upsert(id, 0, [3, 4]);
        }

        index.Search([0.6f, 0.8f], 3, _ => true).Hits.Select(hit => hit.CardId).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Earlier_revision_does_not_replace_later_one()
    {
        using var index = new VectorIndex(2);
        index.Upsert("a", 5, [1, 0]);
        index.Upsert("a", 4, [0, 1]);
        index.Search([1, 0], 1, _ => true).Hits[0].Score.ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Zero_NaN_or_wrong_dimension_vectors_throw()
    {
        using var index = new VectorIndex(2);
        Should.Throw<ArgumentException>(() => index.Upsert("a", 0, [0, 0]));
        Should.Throw<ArgumentException>(() => index.Upsert("a", 0, [float.NaN, 1]));
        Should.Throw<ArgumentException>(() => index.Upsert("a", 0, [1, 2, 3]));
        index.Count.ShouldBe(0);
    }
}
