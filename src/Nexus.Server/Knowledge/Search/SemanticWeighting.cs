namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The weight of the semantic ranking against the lexical one, from 0 to 1. Fusion with a bad ranking makes a good one worse, and
/// any model may be configured. So the weight is small where words can judge, and the model must show for each query that it
/// agrees with the best lexical matches. The bench measures the effect for models of different quality.
/// </summary>
internal static class SemanticWeighting
{
    private const int MinSamples = 3;

    /// <summary>
    /// Computes how far to trust the model for this query. The best lexical matches should be nearer to the query than other
    /// cards. Trust rises from 0 to 1 as their mean similarity goes from one to two standard deviations above the mean of all
    /// cards; chance alone rarely exceeds one. It is scaled by the share of cards with a vector, because a card without a vector
    /// cannot rank.
    /// </summary>
    /// <param name="near">The semantic ranking, with the distribution of all similarities.</param>
    /// <param name="ofTheBestByWords">The similarities of the best lexical matches that have a vector.</param>
    /// <param name="embedded">The number of cards with a vector.</param>
    /// <param name="total">The number of cards.</param>
    public static double ComputeTrust(VectorHits near, IReadOnlyList<double> ofTheBestByWords, int embedded, int total)
    {
        var coverage = total == 0 ? 0 : Math.Min(1, (double)embedded / total);
        if (ofTheBestByWords.Count < MinSamples || near.StandardDeviation == 0)
        {
            // With so few lexical matches there is no ranking to spoil.
            return coverage;
        }

        return coverage * Math.Clamp(((ofTheBestByWords.Average() - near.Mean) / near.StandardDeviation) - 1, 0, 1);
    }

    /// <summary>
    /// Computes the weight in the fusion: the configured weight scaled by the trust, and more if much of the query occurs in no
    /// card. The share is squared, because one rare name among many words says little.
    /// </summary>
    public static double ComputeWeight(double trust, double configured, double unknownShare) =>
        trust * (configured + ((1 - configured) * unknownShare * unknownShare));
}
