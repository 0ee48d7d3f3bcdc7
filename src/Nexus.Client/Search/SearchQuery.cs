using System.Text.Json;

namespace Nexus.Client;

/// <summary>Request of <c>POST /nexus/search</c>.</summary>
public sealed record SearchQuery
{
    /// <summary>Plain words; there is no query syntax. Empty with filters: all matching cards, newest first.</summary>
    public required string QueryText { get; init; }

    /// <summary>
    /// Equality on <c>card_type</c>, <c>version</c> and header keys; a JSON array means any of its values.
    /// <c>tenant_id</c> and <c>env</c> may only repeat the context (else 400).
    /// </summary>
    public Dictionary<string, JsonElement>? Filters { get; init; }

    /// <summary>Maximum number of results, 1 to 100. Default: 10.</summary>
    public int? TopK { get; init; }

    /// <summary>
    /// <c>lexical</c>, <c>semantic</c> or <c>hybrid</c>. Default: hybrid if an embedder is configured, otherwise lexical.
    /// </summary>
    public string? Mode { get; init; }

    /// <summary>Whether each result explains its score.</summary>
    public bool? Explain { get; init; }
}
