using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>A stored card in its newest revision, or an earlier revision of it.</summary>
internal sealed class CardRow
{
    /// <summary>UUIDv7.</summary>
    public string CardId { get; init; } = "";

    /// <summary>The revision number, from 1. Also the card's ETag.</summary>
    public int Revision { get; init; }

    /// <summary>The version from the header.</summary>
    public string Version { get; init; } = "";

    /// <summary>The type from the header.</summary>
    public string CardType { get; init; } = "";

    /// <summary>The header as canonical JSON.</summary>
    public string Header { get; init; } = "{}";

    /// <summary>The text as posted.</summary>
    public string FullText { get; init; } = "";

    /// <summary>The start index of the trimmed body in <see cref="FullText"/>.</summary>
    public int BodyStart { get; init; }

    /// <summary>The length of the trimmed body.</summary>
    public int BodyLength { get; init; }

    /// <summary>The person the card is about; null if none.</summary>
    public string? SubjectId { get; init; }

    /// <summary>When the card was created, in Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>When this revision was stored, in Unix microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>The author of this revision.</summary>
    public string UpdatedBy { get; init; } = "";

    /// <summary>The <c>seq</c> of the card's last event.</summary>
    public long Seq { get; init; }

    /// <summary>Whether the card was deleted. Only the row remains then.</summary>
    public bool Deleted { get; init; }

    public string BodyText => FullText.Substring(BodyStart, BodyLength);

    /// <summary>The title from the header as text (a number as its digits); null if there is none.</summary>
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

    /// <summary>The header's <c>artifact_refs</c>; empty if there are none.</summary>
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

    public string ETag => Nexus.Server.Platform.Http.ETags.FromRevision(Revision);

    /// <summary>Returns the row as parameters for an insert or update.</summary>
    public object ToParameters(Scope scope) => new
    {
        scope.TenantId, scope.Env, CardId, Revision, Version, CardType, Header, FullText, BodyStart, BodyLength, SubjectId, CreatedAt,
        CreatedBy, UpdatedAt, UpdatedBy, Seq,
    };

    /// <summary>Returns the row as values for an insert, in column order.</summary>
    public object?[] ToColumnValues(Scope scope) =>
    [
        scope.TenantId, scope.Env, CardId, Revision, Version, CardType, Header, FullText, BodyStart, BodyLength, SubjectId, CreatedAt,
        CreatedBy, UpdatedAt, UpdatedBy, Seq, Deleted,
    ];

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
