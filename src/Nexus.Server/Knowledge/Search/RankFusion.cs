namespace Nexus.Server.Knowledge.Search;

/// <summary>Merges several rankings of the same cards into one.</summary>
internal static class RankFusion
{
    /// <summary>Dampens the influence of the top ranks. The value is from Cormack, Clarke and Büttcher (SIGIR 2009).</summary>
    public const double K = 60;

    /// <summary>
    /// Reciprocal rank fusion: a card's score is the sum of weight / (60 + rank) over the rankings, with ranks from 1. Best
    /// first, ties by id.
    /// </summary>
    public static IReadOnlyList<FusedHit> Fuse(params ReadOnlySpan<(IReadOnlyList<string> CardIds, double Weight)> rankings)
    {
        var scores = new Dictionary<string, (double Score, int?[] Ranks)>(StringComparer.Ordinal);
        for (var i = 0; i < rankings.Length; i++)
        {
            var (cardIds, weight) = rankings[i];
            for (var at = 0; at < cardIds.Count; at++)
            {
                var (score, ranks) = scores.TryGetValue(cardIds[at], out var known) ? known : (0, new int?[rankings.Length]);
                ranks[i] = at + 1;
                scores[cardIds[at]] = (score + (weight / (K + at + 1)), ranks);
            }
        }

        return [.. scores
            .Select(scored => new FusedHit(scored.Key, scored.Value.Score, scored.Value.Ranks))
            .OrderByDescending(hit => hit.Score)
            .ThenBy(hit => hit.CardId, StringComparer.Ordinal)];
    }
}

/// <summary>A card with its fused score and its rank in each ranking; null for a ranking it is not in.</summary>
internal sealed record FusedHit(string CardId, double Score, IReadOnlyList<int?> Ranks);
