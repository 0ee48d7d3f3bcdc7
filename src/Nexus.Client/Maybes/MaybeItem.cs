using System.Text.Json;

namespace Nexus.Client;

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
