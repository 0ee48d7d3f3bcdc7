namespace Nexus.Server.Knowledge.Search;

/// <summary>How a search ranks.</summary>
internal enum SearchMode
{
    /// <summary>There was no text: newest first.</summary>
    Filter,

    /// <summary>By words.</summary>
    Lexical,

    /// <summary>By nearness of embeddings.</summary>
    Semantic,

    /// <summary>By both rankings, fused.</summary>
    Hybrid,
}

/// <summary>What a search found.</summary>
/// <param name="Mode">The mode that answered.</param>
/// <param name="Cards">Best first, ties by id.</param>
/// <param name="DegradedReason">Why a weaker mode than the one asked for answered: <c>no_embedder</c>, <c>embedder_unavailable</c>, <c>not_embedded</c>.</param>
/// <param name="Coverage">How many of the tenant's cards have a vector; null where meaning was not asked for, or no embedder is configured.</param>
internal sealed record CardSearchResult(SearchMode Mode, IReadOnlyList<ScoredCard> Cards, string? DegradedReason, (int Embedded, int Total)? Coverage);

/// <summary>A card with what made its score; a half that did not take part is null. Ranks are from 1.</summary>
internal sealed record ScoredCard(CardHit Card, int? LexicalRank, double? Bm25, int? SemanticRank, double? Similarity);
