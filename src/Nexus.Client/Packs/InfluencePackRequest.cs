using System.Text.Json;

namespace Nexus.Client;

/// <summary>What <c>POST /nexus/influence-pack</c> is asked.</summary>
public sealed record InfluencePackRequest
{
    /// <summary>The search whose results fill the pack.</summary>
    public required SearchQuery Query { get; init; }

    /// <summary>Filters added to the query's own; the same key with another value is 422.</summary>
    public Dictionary<string, JsonElement>? Filters { get; init; }

    /// <summary>How much may go in; absent: every result.</summary>
    public Budget? Budget { get; init; }
}

/// <summary>Bounds of a pack, filled best first. Every bound given holds; each is at least 1.</summary>
public sealed record Budget
{
    /// <summary>Most characters of all excerpts together.</summary>
    public int? MaxChars { get; init; }

    /// <summary>Most tokens of all excerpts together, as the server estimates them.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Most cards.</summary>
    public int? MaxCards { get; init; }
}
