using System.Text.Json;

namespace Nexus.Client;

/// <summary>One revision of a card. <c>GET /nexus/cards/{card_id}/revisions</c> lists them, newest first.</summary>
public sealed record CardRevision
{
    /// <summary>1 for the created card, then incremented by each update.</summary>
    public required int Revision { get; init; }

    /// <summary>Id of the card.</summary>
    public required string CardId { get; init; }

    /// <summary>The header's <c>version</c> in this revision.</summary>
    public required string Version { get; init; }

    /// <summary>The header's <c>card_type</c> in this revision.</summary>
    public required string CardType { get; init; }

    /// <summary>The header in this revision; a JSON object.</summary>
    public required JsonElement Header { get; init; }

    /// <summary>The trimmed body in this revision.</summary>
    public required string BodyText { get; init; }

    /// <summary>The posted text, byte for byte.</summary>
    public required string FullText { get; init; }

    /// <summary>When this revision was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key that stored this revision.</summary>
    public required string CreatedBy { get; init; }
}
