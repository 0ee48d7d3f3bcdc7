using System.Text.Json;

namespace Nexus.Client;

/// <summary>Request of <c>POST /nexus/influence-pack</c>.</summary>
public sealed record InfluencePackRequest
{
    /// <summary>The search whose results fill the pack.</summary>
    public required SearchQuery Query { get; init; }

    /// <summary>Filters in addition to the query's. The same key with a different value is refused with 422.</summary>
    public Dictionary<string, JsonElement>? Filters { get; init; }

    /// <summary>Limits of the pack. Default: include every result.</summary>
    public Budget? Budget { get; init; }
}

/// <summary>Limits of a pack, which is filled best first. Each limit is at least 1, and all given limits apply.</summary>
public sealed record Budget
{
    /// <summary>Maximum characters of all excerpts.</summary>
    public int? MaxChars { get; init; }

    /// <summary>Maximum tokens of all excerpts, as estimated by the server.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Maximum number of cards.</summary>
    public int? MaxCards { get; init; }
}
