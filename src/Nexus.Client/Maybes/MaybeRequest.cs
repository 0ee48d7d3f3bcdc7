using System.Text.Json;

namespace Nexus.Client;

/// <summary>Request of <c>POST /maybes/items</c>.</summary>
public sealed record MaybeRequest
{
    /// <summary>The space, named by the caller: 1 to 200 characters, no control characters.</summary>
    public required string Space { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>At most 256 KiB of UTF-8; may be empty.</summary>
    public required string Body { get; init; }

    /// <summary>The item's user. Default: the caller. Only an owner can create items for others.</summary>
    public string? UserId { get; init; }

    /// <summary>At most 50 tags of 1 to 100 characters, without commas and control characters. Duplicates are removed.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary><c>agent</c> (the default), <c>user</c> or <c>system</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>What created it, such as <c>chat</c>; at most 200 characters.</summary>
    public string? SourceEngine { get; init; }

    /// <summary>Where it comes from, such as a thread and a message; a JSON object of at most 16 KiB.</summary>
    public JsonElement? SourceRef { get; init; }

    /// <summary>Whether it is pinned. Default: false.</summary>
    public bool? Pinned { get; init; }

    /// <summary>Whether it is archived. Default: false.</summary>
    public bool? Archived { get; init; }
}

/// <summary>Request of <c>PATCH /maybes/items/{id}</c>. Absent or null properties are unchanged.</summary>
public sealed record MaybeUpdate
{
    /// <summary>1 to 500 characters.</summary>
    public string? Title { get; init; }

    /// <summary>At most 256 KiB of UTF-8; may be empty.</summary>
    public string? Body { get; init; }

    /// <summary>The new list of tags. An empty list removes all.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether it is pinned.</summary>
    public bool? Pinned { get; init; }

    /// <summary>Whether it is archived.</summary>
    public bool? Archived { get; init; }
}
