using System.Text.Json;

namespace Nexus.Client;

/// <summary>What <c>POST /nexus/search</c> is asked.</summary>
public sealed record SearchQuery
{
    /// <summary>Plain words, never syntax. Empty with filters: what matches them, newest first.</summary>
    public required string QueryText { get; init; }

    /// <summary>
    /// Equality on <c>card_type</c>, <c>version</c> and header keys; a JSON array means any of its values.
    /// <c>tenant_id</c> and <c>env</c> may only repeat the context (else 400).
    /// </summary>
    public Dictionary<string, JsonElement>? Filters { get; init; }

    /// <summary>Most results wanted, 1 to 100; 10 where absent.</summary>
    public int? TopK { get; init; }

    /// <summary><c>lexical</c>, <c>semantic</c> or <c>hybrid</c>; absent: hybrid where an embedder is configured, else lexical.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether each result says what made its score.</summary>
    public bool? Explain { get; init; }
}
