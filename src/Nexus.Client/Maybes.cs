using System.Text.Json;

namespace Nexus.Client;

/// <summary>What <c>POST /maybes/items</c> is asked.</summary>
public sealed record MaybeRequest
{
    /// <summary>Where it belongs, in the caller's own words: 1 to 200 characters, none of them a control character.</summary>
    public required string Space { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>At most 256 KiB of UTF-8; may be empty.</summary>
    public required string Body { get; init; }

    /// <summary>Whose it is: the caller where it is absent. Only an owner makes items of others.</summary>
    public string? UserId { get; init; }

    /// <summary>At most 50 of 1 to 100 characters, without commas and control characters. What stands twice is kept once.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary><c>agent</c> (the default), <c>user</c> or <c>system</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>What made it, such as <c>chat</c>; at most 200 characters.</summary>
    public string? SourceEngine { get; init; }

    /// <summary>Where it was found, such as a thread and a message; a JSON object of at most 16 KiB.</summary>
    public JsonElement? SourceRef { get; init; }

    /// <summary>Whether it is pinned; false where absent.</summary>
    public bool? Pinned { get; init; }

    /// <summary>Whether it is put away; false where absent.</summary>
    public bool? Archived { get; init; }
}

/// <summary>What <c>PATCH /maybes/items/{id}</c> is asked; what is absent or null stays as it is.</summary>
public sealed record MaybeUpdate
{
    /// <summary>1 to 500 characters.</summary>
    public string? Title { get; init; }

    /// <summary>At most 256 KiB of UTF-8; may be empty.</summary>
    public string? Body { get; init; }

    /// <summary>The whole new list; an empty one takes all away.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether it is pinned.</summary>
    public bool? Pinned { get; init; }

    /// <summary>Whether it is put away.</summary>
    public bool? Archived { get; init; }
}

/// <summary>A note that may become of use.</summary>
public sealed record MaybeItem
{
    /// <summary>UUIDv7 given by the server.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant that owns it.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Where it belongs.</summary>
    public required string Space { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary>In a line.</summary>
    public required string Title { get; init; }

    /// <summary>In full.</summary>
    public required string Body { get; init; }

    /// <summary>In the order in which they were given.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary><c>agent</c>, <c>user</c> or <c>system</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>What made it.</summary>
    public required string? SourceEngine { get; init; }

    /// <summary>Where it was found; a JSON object.</summary>
    public required JsonElement SourceRef { get; init; }

    /// <summary>Whether it is pinned.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Whether it is put away.</summary>
    public required bool Archived { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What <c>GET /maybes/items</c> answers.</summary>
public sealed record MaybeItems
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<MaybeItem> Items { get; init; }
}

/// <summary>What <c>PATCH /maybes/items/{id}</c> answers.</summary>
public sealed record MaybeUpdated
{
    /// <summary>The item as it is now.</summary>
    public required MaybeItem Item { get; init; }
}

/// <summary>What <c>DELETE /maybes/items/{id}</c> answers.</summary>
public sealed record MaybeDeleted
{
    /// <summary>Always <c>deleted</c>.</summary>
    public required string Status { get; init; }
}

/// <summary>Which items a list shows; each part that is given must hold.</summary>
public sealed record MaybeQuery
{
    /// <summary>Of this space.</summary>
    public string? Space { get; init; }

    /// <summary>Of this user; the caller's where it is absent. Another's: admin.</summary>
    public string? UserId { get; init; }

    /// <summary>With any of these tags.</summary>
    public IReadOnlyList<string>? TagsAny { get; init; }

    /// <summary>With this text in title or body, in any case.</summary>
    public string? SearchText { get; init; }

    /// <summary>Only pinned ones.</summary>
    public bool PinnedOnly { get; init; }

    /// <summary>Only those put away, or only those that are not; both where absent.</summary>
    public bool? Archived { get; init; }
}
