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
