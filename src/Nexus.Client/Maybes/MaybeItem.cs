using System.Text.Json;

namespace Nexus.Client;

/// <summary>A note.</summary>
public sealed record MaybeItem
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant that owns it.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The space that contains it.</summary>
    public required string Space { get; init; }

    /// <summary>The user it belongs to.</summary>
    public required string UserId { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The text.</summary>
    public required string Body { get; init; }

    /// <summary>The tags, in the order given.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary><c>agent</c>, <c>user</c> or <c>system</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>What created it.</summary>
    public required string? SourceEngine { get; init; }

    /// <summary>Where it comes from; a JSON object.</summary>
    public required JsonElement SourceRef { get; init; }

    /// <summary>Whether it is pinned.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Whether it is archived.</summary>
    public required bool Archived { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Response of <c>GET /maybes/items</c>.</summary>
public sealed record MaybeItems
{
    /// <summary>The items, newest first.</summary>
    public required IReadOnlyList<MaybeItem> Items { get; init; }
}

/// <summary>Response of <c>PATCH /maybes/items/{id}</c>.</summary>
public sealed record MaybeUpdated
{
    /// <summary>The updated item.</summary>
    public required MaybeItem Item { get; init; }
}

/// <summary>Response of <c>DELETE /maybes/items/{id}</c>.</summary>
public sealed record MaybeDeleted
{
    /// <summary>Always <c>deleted</c>.</summary>
    public required string Status { get; init; }
}
