using System.Text.Json;

namespace Nexus.Client;

/// <summary>An immutable bundle of cards for one query.</summary>
public sealed record InfluencePack
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string PackId { get; init; }

    /// <summary>The tenant that owns the pack.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The query text.</summary>
    public required string Query { get; init; }

    /// <summary>The included cards, best first.</summary>
    public required IReadOnlyList<CardRef> CardRefs { get; init; }

    /// <summary>What was found, included and omitted.</summary>
    public required PackMetadata Metadata { get; init; }

    /// <summary>When the pack was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key that created it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>A card in a pack.</summary>
public sealed record CardRef
{
    /// <summary>The card's id.</summary>
    public required string CardId { get; init; }

    /// <summary>The search score; comparable only within one pack.</summary>
    public required double Score { get; init; }

    /// <summary>The included part of the card's text.</summary>
    public required string Excerpt { get; init; }

    /// <summary>The header's <c>artifact_refs</c>, unchanged; empty if it has none.</summary>
    public required IReadOnlyList<JsonElement> ArtifactRefs { get; init; }
}

/// <summary>How a pack was built.</summary>
public sealed record PackMetadata
{
    /// <summary>Number of cards that the search found.</summary>
    public required int ResultCount { get; init; }

    /// <summary>Cards that were found but omitted, best first.</summary>
    public required IReadOnlyList<DroppedCard> Dropped { get; init; }

    /// <summary>Total size of the excerpts.</summary>
    public required BudgetUsed BudgetUsed { get; init; }
}

/// <summary>The size of a pack, in the units of <see cref="Budget"/>.</summary>
public sealed record BudgetUsed
{
    /// <summary>Characters of all excerpts.</summary>
    public required int Chars { get; init; }

    /// <summary>Estimated tokens of all excerpts.</summary>
    public required int Tokens { get; init; }

    /// <summary>Number of cards.</summary>
    public required int Cards { get; init; }
}

/// <summary>A card that was found but did not fit.</summary>
public sealed record DroppedCard
{
    /// <summary>The card's id.</summary>
    public required string CardId { get; init; }

    /// <summary>Its search score.</summary>
    public required double Score { get; init; }

    /// <summary>The limit that it would have exceeded: <c>max_chars</c>, <c>max_tokens</c> or <c>max_cards</c>.</summary>
    public required string Reason { get; init; }
}
