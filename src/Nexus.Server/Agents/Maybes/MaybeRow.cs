using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Maybes;

/// <summary>A stored item.</summary>
internal sealed record MaybeRow
{
    /// <summary>UUIDv7.</summary>
    public string ItemId { get; init; } = "";

    /// <summary>The user the item belongs to.</summary>
    public string UserId { get; init; } = "";

    public string Space { get; init; } = "";

    public string Title { get; init; } = "";

    public string Body { get; init; } = "";

    /// <summary>The tags, one per line, with a line feed before the first and after the last.</summary>
    public string Tags { get; init; } = "\n";

    /// <summary><c>agent</c>, <c>user</c> or <c>system</c>.</summary>
    public string SourceType { get; init; } = "";

    /// <summary>The engine that created the item; null if unknown.</summary>
    public string? SourceEngine { get; init; }

    /// <summary>Where the item was found: a canonical JSON object.</summary>
    public string SourceRef { get; init; } = "{}";

    public bool Pinned { get; init; }

    public bool Archived { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>The <c>seq</c> of the item's last event.</summary>
    public long Seq { get; init; }

    /// <summary>The text that a search looks in.</summary>
    public string Folded => Fold($"{Title}\n{Body}");

    /// <summary>The bytes counted against the quota.</summary>
    public long Bytes =>
        Encoding.UTF8.GetByteCount(Title)
            + Encoding.UTF8.GetByteCount(Body)
            + Encoding.UTF8.GetByteCount(Tags)
            + Encoding.UTF8.GetByteCount(SourceRef);

    /// <summary>
    /// Returns the text in lower case. SQLite and PostgreSQL differ in how they fold letters beyond ASCII, so the service does
    /// it.
    /// </summary>
    public static string Fold(string text) => text.ToLowerInvariant();

    /// <summary>Returns a tag in the form it has in <see cref="Tags"/>.</summary>
    public static string ToTagLine(string tag) => $"\n{tag}\n";

    /// <summary>Returns tags in their stored form, without duplicates.</summary>
    public static string JoinTags(IReadOnlyList<string> tags) =>
        tags.Count == 0 ? "\n" : ToTagLine(string.Join('\n', tags.Distinct(StringComparer.Ordinal)));

    /// <summary>Returns the row as parameters for an insert or update.</summary>
    public object ToParameters(Scope scope) => new
    {
        scope.TenantId, scope.Env, ItemId, UserId, Space, Title, Body, Folded, Tags, SourceType, SourceEngine, SourceRef, Pinned, Archived,
        Bytes, CreatedAt, UpdatedAt, Seq,
    };

    public MaybeItem ToWire(Scope scope) => new()
    {
        Id = ItemId,
        TenantId = scope.TenantId,
        Env = scope.Env,
        Space = Space,
        UserId = UserId,
        Title = Title,
        Body = Body,
        Tags = Tags.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        SourceType = SourceType,
        SourceEngine = SourceEngine,
        SourceRef = JsonElement.Parse(SourceRef),
        Pinned = Pinned,
        Archived = Archived,
        CreatedAt = Timestamps.FromMicros(CreatedAt),
        UpdatedAt = Timestamps.FromMicros(UpdatedAt),
    };
}
