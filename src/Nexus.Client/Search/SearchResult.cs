using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>One matching card. Results are ordered best first, ties by id.</summary>
public sealed record SearchResult
{
    /// <summary>The card's id.</summary>
    public required string Id { get; init; }

    /// <summary>Higher is better; comparable only within one response.</summary>
    public required double Score { get; init; }

    /// <summary>Facts about the card.</summary>
    public required SearchMetadata Metadata { get; init; }

    /// <summary>The best matching part of the text, as plain text.</summary>
    public required string Snippet { get; init; }

    /// <summary>Explanation of the score, if requested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchExplanation? Explain { get; init; }
}

/// <summary>Facts about a matching card.</summary>
public sealed record SearchMetadata
{
    /// <summary>The card's tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The card's env.</summary>
    public required string Env { get; init; }

    /// <summary>The card's type.</summary>
    public required string CardType { get; init; }

    /// <summary>The card's version.</summary>
    public required string Version { get; init; }

    /// <summary>The header's title, if any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }
}

/// <summary>How a score was computed. The lexical or semantic half is absent if it was not used.</summary>
public sealed record SearchExplanation
{
    /// <summary>The mode that was used: <c>lexical</c>, <c>semantic</c>, <c>hybrid</c>, or <c>filter</c> for an empty query.</summary>
    public required string Mode { get; init; }

    /// <summary>Rank among the lexical matches, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LexicalRank { get; init; }

    /// <summary>BM25 as a positive number, higher is better.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Bm25 { get; init; }

    /// <summary>The query terms that were searched, without stop words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Terms { get; init; }

    /// <summary>Rank among the semantic matches, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SemanticRank { get; init; }

    /// <summary>Cosine similarity of query and card, -1 to 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Similarity { get; init; }

    /// <summary>Share of the tenant's cards that are embedded, 0 to 1; with semantic and hybrid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EmbeddedShare { get; init; }

    /// <summary>Why a weaker mode than the requested one was used, such as <c>embedder_unavailable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Degraded { get; init; }
}
