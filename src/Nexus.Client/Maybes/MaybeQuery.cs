namespace Nexus.Client;

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
