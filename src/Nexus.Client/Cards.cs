using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>A card: a YAML header and a text, the unit of knowledge.</summary>
public sealed record Card
{
    /// <summary>UUIDv7 given by the server.</summary>
    public required string CardId { get; init; }

    /// <summary>The tenant that owns the card.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The header's <c>version</c>, <c>v1</c> where it has none. Not the revision: that is the ETag.</summary>
    public required string Version { get; init; }

    /// <summary>The header's <c>card_type</c>.</summary>
    public required string CardType { get; init; }

    /// <summary>The YAML header as a JSON object of plain maps, lists and scalars.</summary>
    public required JsonElement Header { get; init; }

    /// <summary>What follows the header, trimmed.</summary>
    public required string BodyText { get; init; }

    /// <summary>The posted text, byte for byte.</summary>
    public required string FullText { get; init; }

    /// <summary>What the server notes about the card; a JSON object.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>When the card was first stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key (<c>key_…</c>) that posted it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>One state a card has had. <c>GET /nexus/cards/{card_id}/revisions</c> lists them, newest first.</summary>
public sealed record CardRevision
{
    /// <summary>1 for the posted card, then one more for each update.</summary>
    public required int Revision { get; init; }

    /// <summary>The card this is a revision of.</summary>
    public required string CardId { get; init; }

    /// <summary>The header's <c>version</c> in this revision.</summary>
    public required string Version { get; init; }

    /// <summary>The header's <c>card_type</c> in this revision.</summary>
    public required string CardType { get; init; }

    /// <summary>The header in this revision; a JSON object.</summary>
    public required JsonElement Header { get; init; }

    /// <summary>The trimmed body in this revision.</summary>
    public required string BodyText { get; init; }

    /// <summary>The text put, byte for byte.</summary>
    public required string FullText { get; init; }

    /// <summary>When this revision was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who stored this revision.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>One line of <c>POST /nexus/cards/batch</c> (NDJSON, at most 1,000 lines).</summary>
public sealed record CardBatchLine
{
    /// <summary>The card's text, as it would be posted alone.</summary>
    public required string Text { get; init; }
}

/// <summary>
/// What became of the line at the same place in a batch: exactly one of <c>card</c> and <c>error</c> is there.
/// </summary>
public sealed record CardBatchResult
{
    /// <summary>The stored card.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Card? Card { get; init; }

    /// <summary>Why the line was refused; a refused line changes nothing and stops no other line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LineError? Error { get; init; }
}

/// <summary>The refusal of one line of a batch, with what the problem details of a single request would say.</summary>
public sealed record LineError
{
    /// <summary>HTTP status the line alone would have had.</summary>
    public required int Status { get; init; }

    /// <summary>Stable dotted code, such as <c>card.type_missing</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }
}
