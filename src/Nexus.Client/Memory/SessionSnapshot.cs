namespace Nexus.Client;

/// <summary>A session with a page of its turns. One never seen has no turns and no times.</summary>
public sealed record SessionSnapshot
{
    /// <summary>The id that the caller chose.</summary>
    public required string SessionId { get; init; }

    /// <summary>The tenant that owns it.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Turns in the order in which they were posted.</summary>
    public required IReadOnlyList<SessionTurn> Turns { get; init; }

    /// <summary>When the first turn was posted; null where there is none.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the last turn was posted; null where there is none.</summary>
    public required DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Cursor of the turns after these, or with <c>last</c> of those before them; null where there are no more.</summary>
    public required string? NextCursor { get; init; }
}
