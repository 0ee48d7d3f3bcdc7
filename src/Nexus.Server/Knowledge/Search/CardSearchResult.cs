namespace Nexus.Server.Knowledge.Search;

internal enum SearchMode
{
    /// <summary>No query text: the filtered cards, newest first.</summary>
    Filter,

    /// <summary>Ranked by words (BM25).</summary>
    Lexical,

    /// <summary>Ranked by the similarity of embeddings.</summary>
    Semantic,

    /// <summary>Both rankings, fused.</summary>
    Hybrid,
}

/// <summary>The result of a search.</summary>
/// <param name="Mode">The mode that was used.</param>
/// <param name="Cards">The cards, best first; ties are ordered by id.</param>
/// <param name="DegradedReason">
/// Why a weaker mode than requested was used: <c>no_embedder</c>, <c>embedder_unavailable</c> or <c>not_embedded</c>. Null if it
/// was not.
/// </param>
/// <param name="Coverage">
/// How many of the tenant's cards have a vector. Null if only words were asked for or no embedder is configured.
/// </param>
internal sealed record CardSearchResult(
    SearchMode Mode, IReadOnlyList<ScoredCard> Cards, string? DegradedReason, (int Embedded, int Total)? Coverage);

/// <summary>A card with the parts of its score. Values of a ranking the card is not in are null. Ranks start at 1.</summary>
internal sealed record ScoredCard(CardHit Card, int? LexicalRank, double? Bm25, int? SemanticRank, double? Similarity);
