namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// How much the ranking by meaning counts against the one by words, 0 to 1. Fusing with a bad ranking makes a good one worse,
/// and any model may be configured: so its weight is small where words can judge, and it has to show on the query itself
/// that it sees what the words show. The bench measures what models of several strengths do to a search so.
/// </summary>
internal static class SemanticWeighting
{
    private const int MinSamples = 3;

    /// <summary>
    /// The best matches by words are, on the whole, nearer to the query than other cards. The model is trusted by how many
    /// standard deviations above the mean of all cards it sees them: not at all up to one, which chance does not reach, fully
    /// from two; and only by the share of the cards that it has seen, because a card without a vector cannot win.
    /// </summary>
    /// <param name="near">The ranking by meaning, with the spread of all cosines.</param>
    /// <param name="ofTheBestByWords">The cosines of the best matches by words that have a vector.</param>
    /// <param name="embedded">How many cards have a vector.</param>
    /// <param name="total">How many cards there are.</param>
    public static double ComputeTrust(VectorHits near, IReadOnlyList<double> ofTheBestByWords, int embedded, int total)
    {
        var coverage = total == 0 ? 0 : Math.Min(1, (double)embedded / total);
        if (ofTheBestByWords.Count < MinSamples || near.StandardDeviation == 0)
        {
            // Too few words match for a ranking to be spoilt.
            return coverage;
        }

        return coverage * Math.Clamp(((ofTheBestByWords.Average() - near.Mean) / near.StandardDeviation) - 1, 0, 1);
    }

    /// <summary>The weight in the fusion: the configured one as far as the model is trusted, and more where much of the
    /// query occurs in no card. Squared, because one rare name among many words says little.</summary>
    public static double ComputeWeight(double trust, double configured, double unknownShare) =>
        trust * (configured + ((1 - configured) * unknownShare * unknownShare));
}
