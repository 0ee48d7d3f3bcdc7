using System.Text.Json;

namespace Nexus.Client;

/// <summary>A card, the unit of knowledge: a YAML header and a text.</summary>
public sealed record Card
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string CardId { get; init; }

    /// <summary>The tenant that owns the card.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The header's <c>version</c>; <c>v1</c> by default. Not the revision, which is the ETag.</summary>
    public required string Version { get; init; }

    /// <summary>The header's <c>card_type</c>.</summary>
    public required string CardType { get; init; }

    /// <summary>The YAML header as a JSON object.</summary>
    public required JsonElement Header { get; init; }

    /// <summary>The text after the header, trimmed.</summary>
    public required string BodyText { get; init; }

    /// <summary>The posted text, byte for byte.</summary>
    public required string FullText { get; init; }

    /// <summary>Metadata added by the server; a JSON object.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>When the card was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key (<c>key_…</c>) that created it.</summary>
    public required string CreatedBy { get; init; }
}
