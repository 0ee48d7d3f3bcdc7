using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>One revision of a card as it is stored.</summary>
internal sealed class CardRow
{
    /// <summary>UUIDv7.</summary>
    public string CardId { get; init; } = "";

    /// <summary>1, 2, 3 …; the card's ETag.</summary>
    public int Revision { get; init; }

    /// <summary>The header's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The header's type.</summary>
    public string CardType { get; init; } = "";

    /// <summary>The header, canonical JSON.</summary>
    public string Header { get; init; } = "{}";

    /// <summary>The posted text.</summary>
    public string FullText { get; init; } = "";

    /// <summary>Where the trimmed body begins in <see cref="FullText"/>.</summary>
    public int BodyStart { get; init; }

    /// <summary>How long it is.</summary>
    public int BodyLength { get; init; }

    /// <summary>The person it is about.</summary>
    public string? SubjectId { get; init; }

    /// <summary>When the card was first stored, microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When this revision was stored, microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string UpdatedBy { get; init; } = "";

    /// <summary>Of the card's last event.</summary>
    public long Seq { get; init; }

    /// <summary>Whether only the row is left.</summary>
    public bool Deleted { get; init; }

    /// <summary>The trimmed body.</summary>
    public string BodyText => FullText.Substring(BodyStart, BodyLength);

    /// <summary>The header's title as text, a number's digits too; null where it has none.</summary>
    public string? Title
    {
        get
        {
            using var header = JsonDocument.Parse(Header);
            return header.RootElement.TryGetProperty("title", out var title) && title.ValueKind != JsonValueKind.Null
                ? title.ValueKind == JsonValueKind.String ? title.GetString() : title.GetRawText()
                : null;
        }
    }

    /// <summary>What the card's header refers to.</summary>
    public JsonElement[] ArtifactRefs
    {
        get
        {
            using var header = JsonDocument.Parse(Header);
            return header.RootElement.TryGetProperty("artifact_refs", out var refs) && refs.ValueKind == JsonValueKind.Array
                ? [.. refs.EnumerateArray().Select(reference => reference.Clone())]
                : [];
        }
    }

    /// <summary>The entity tag.</summary>
    public string ETag => Nexus.Server.Platform.Http.ETags.FromRevision(Revision);

    /// <summary>The row as parameters of an insert or update.</summary>
    public object ToParameters(Scope scope) => new
    {
        scope.TenantId, scope.Env, CardId, Revision, Version, CardType, Header, FullText, BodyStart, BodyLength, SubjectId, CreatedAt, CreatedBy, UpdatedAt, UpdatedBy, Seq,
    };

    /// <summary>The row as values of an insert, in the order of its columns.</summary>
    public object?[] ToColumnValues(Scope scope) =>
    [
        scope.TenantId, scope.Env, CardId, Revision, Version, CardType, Header, FullText, BodyStart, BodyLength, SubjectId, CreatedAt, CreatedBy, UpdatedAt, UpdatedBy, Seq, Deleted,
    ];

    /// <summary>The card as callers see it.</summary>
    public Card ToWire(Scope scope) => new()
    {
        CardId = CardId,
        TenantId = scope.TenantId,
        Env = scope.Env,
        Version = Version,
        CardType = CardType,
        Header = JsonElement.Parse(Header),
        BodyText = BodyText,
        FullText = FullText,
        Metadata = JsonElement.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"revision":{{Revision}}}""")),
        CreatedAt = Timestamps.FromMicros(CreatedAt),
        CreatedBy = CreatedBy,
    };

    /// <summary>The revision as callers see it.</summary>
    public CardRevision ToWireRevision() => new()
    {
        Revision = Revision,
        CardId = CardId,
        Version = Version,
        CardType = CardType,
        Header = JsonElement.Parse(Header),
        BodyText = BodyText,
        FullText = FullText,
        CreatedAt = Timestamps.FromMicros(UpdatedAt),
        CreatedBy = UpdatedBy,
    };
}
