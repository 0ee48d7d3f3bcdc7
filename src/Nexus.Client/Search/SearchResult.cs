using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>One card found; results come best first, ties by id.</summary>
public sealed record SearchResult
{
    /// <summary>The card's id.</summary>
    public required string Id { get; init; }

    /// <summary>Higher is better; comparable only within one answer.</summary>
    public required double Score { get; init; }

    /// <summary>What kind of card it is.</summary>
    public required SearchMetadata Metadata { get; init; }

    /// <summary>The part of the text that matched best, plain text.</summary>
    public required string Snippet { get; init; }

    /// <summary>What made the score; only where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchExplanation? Explain { get; init; }
}

/// <summary>Facts about a card found.</summary>
public sealed record SearchMetadata
{
    /// <summary>The context's tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The context's env.</summary>
    public required string Env { get; init; }

    /// <summary>The card's type.</summary>
    public required string CardType { get; init; }

    /// <summary>The card's version.</summary>
    public required string Version { get; init; }

    /// <summary>The header's title, where it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }
}

/// <summary>What made the score of a result. A half that did not take part is absent.</summary>
public sealed record SearchExplanation
{
    /// <summary>The mode that answered: <c>lexical</c>, <c>semantic</c>, <c>hybrid</c>, or <c>filter</c> for an empty query.</summary>
    public required string Mode { get; init; }

    /// <summary>Place among the lexical matches, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LexicalRank { get; init; }

    /// <summary>BM25 as a positive number, higher is better.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Bm25 { get; init; }

    /// <summary>The words of the query that were looked for, stop words dropped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Terms { get; init; }

    /// <summary>Place among the semantic matches, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SemanticRank { get; init; }

    /// <summary>Cosine of query and card, -1 to 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Similarity { get; init; }

    /// <summary>How much of the tenant's cards is embedded, 0 to 1; with semantic and hybrid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EmbeddedShare { get; init; }

    /// <summary>Why a weaker mode than the one asked for answered, such as <c>embedder_unavailable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Degraded { get; init; }
}
