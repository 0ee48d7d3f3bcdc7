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

/// <summary>A bundle of cards for one question; once made it never changes.</summary>
public sealed record InfluencePack
{
    /// <summary>UUIDv7 given by the server.</summary>
    public required string PackId { get; init; }

    /// <summary>The tenant that owns the pack.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The query text the pack answers.</summary>
    public required string Query { get; init; }

    /// <summary>The cards that fitted, best first.</summary>
    public required IReadOnlyList<CardRef> CardRefs { get; init; }

    /// <summary>What was found, used and left out.</summary>
    public required PackMetadata Metadata { get; init; }

    /// <summary>When the pack was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>A card in a pack.</summary>
public sealed record CardRef
{
    /// <summary>The card's id.</summary>
    public required string CardId { get; init; }

    /// <summary>The search score; comparable only within one pack.</summary>
    public required double Score { get; init; }

    /// <summary>The card's text as far as it went into the pack.</summary>
    public required string Excerpt { get; init; }

    /// <summary>The header's <c>artifact_refs</c>, as they stand there; empty where it has none.</summary>
    public required IReadOnlyList<JsonElement> ArtifactRefs { get; init; }
}

/// <summary>How a pack came about.</summary>
public sealed record PackMetadata
{
    /// <summary>How many cards the search found.</summary>
    public required int ResultCount { get; init; }

    /// <summary>What was found and left out, best first; empty where all fitted.</summary>
    public required IReadOnlyList<DroppedCard> Dropped { get; init; }

    /// <summary>What the excerpts add up to.</summary>
    public required BudgetUsed BudgetUsed { get; init; }
}

/// <summary>What went into a pack, in the units of <see cref="Budget"/>.</summary>
public sealed record BudgetUsed
{
    /// <summary>Characters of all excerpts.</summary>
    public required int Chars { get; init; }

    /// <summary>Estimated tokens of all excerpts.</summary>
    public required int Tokens { get; init; }

    /// <summary>Number of cards.</summary>
    public required int Cards { get; init; }
}

/// <summary>A card that was found and did not fit.</summary>
public sealed record DroppedCard
{
    /// <summary>The card's id.</summary>
    public required string CardId { get; init; }

    /// <summary>Its search score.</summary>
    public required double Score { get; init; }

    /// <summary>The bound it would have broken: <c>max_chars</c>, <c>max_tokens</c> or <c>max_cards</c>.</summary>
    public required string Reason { get; init; }
}
