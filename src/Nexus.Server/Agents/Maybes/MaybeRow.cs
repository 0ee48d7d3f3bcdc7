using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Maybes;

/// <summary>An item as it is stored.</summary>
internal sealed record MaybeRow
{
    /// <summary>UUIDv7.</summary>
    public string ItemId { get; init; } = "";

    /// <summary>Whose it is.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Where it belongs.</summary>
    public string Space { get; init; } = "";

    /// <summary>In a line.</summary>
    public string Title { get; init; } = "";

    /// <summary>In full.</summary>
    public string Body { get; init; } = "";

    /// <summary>One a line, with a line feed before the first and after the last.</summary>
    public string Tags { get; init; } = "\n";

    /// <summary><c>agent</c>, <c>user</c> or <c>system</c>.</summary>
    public string SourceType { get; init; } = "";

    /// <summary>What made it.</summary>
    public string? SourceEngine { get; init; }

    /// <summary>Where it was found; canonical JSON of an object.</summary>
    public string SourceRef { get; init; } = "{}";

    /// <summary>Whether it is pinned.</summary>
    public bool Pinned { get; init; }

    /// <summary>Whether it is put away.</summary>
    public bool Archived { get; init; }

    /// <summary>Microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Of the item's last event.</summary>
    public long Seq { get; init; }

    /// <summary>What a search looks in.</summary>
    public string Folded => Fold($"{Title}\n{Body}");

    /// <summary>What it counts in the quota.</summary>
    public long Bytes => Encoding.UTF8.GetByteCount(Title) + Encoding.UTF8.GetByteCount(Body) + Encoding.UTF8.GetByteCount(Tags) + Encoding.UTF8.GetByteCount(SourceRef);

    /// <summary>Text without the case of its letters: the engines fold ASCII only, and each in its way.</summary>
    public static string Fold(string text) => text.ToLowerInvariant();

    /// <summary>A tag as it stands in <see cref="Tags"/>.</summary>
    public static string ToTagLine(string tag) => $"\n{tag}\n";

    /// <summary>Tags as they are stored; what stands twice is kept once.</summary>
    public static string JoinTags(IReadOnlyList<string> tags) => tags.Count == 0 ? "\n" : ToTagLine(string.Join('\n', tags.Distinct(StringComparer.Ordinal)));

    /// <summary>The row as parameters of an insert or update.</summary>
    public object ToParameters(Scope scope) => new
    {
        scope.TenantId, scope.Env, ItemId, UserId, Space, Title, Body, Folded, Tags, SourceType, SourceEngine, SourceRef, Pinned, Archived, Bytes, CreatedAt, UpdatedAt, Seq,
    };

    /// <summary>The item as callers see it.</summary>
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
