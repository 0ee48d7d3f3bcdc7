namespace Nexus.Client;

/// <summary>Filters for a list of items. All given filters apply.</summary>
public sealed record MaybeQuery
{
    /// <summary>Items in this space.</summary>
    public string? Space { get; init; }

    /// <summary>Items of this user. Default: the caller. Another user requires admin.</summary>
    public string? UserId { get; init; }

    /// <summary>Items with any of these tags.</summary>
    public IReadOnlyList<string>? TagsAny { get; init; }

    /// <summary>Items with this text in title or body, ignoring case.</summary>
    public string? SearchText { get; init; }

    /// <summary>Only pinned items.</summary>
    public bool PinnedOnly { get; init; }

    /// <summary>true for archived items only, false for the others only. Default: both.</summary>
    public bool? Archived { get; init; }
}
