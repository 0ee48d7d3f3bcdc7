namespace Nexus.Client;

/// <summary>A session with a page of its turns. An unknown session has no turns and no times.</summary>
public sealed record SessionSnapshot
{
    /// <summary>The id chosen by the caller.</summary>
    public required string SessionId { get; init; }

    /// <summary>The tenant that owns it.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Turns in the order of posting.</summary>
    public required IReadOnlyList<SessionTurn> Turns { get; init; }

    /// <summary>When the first turn was posted; null if there is none.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the last turn was posted; null if there is none.</summary>
    public required DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Cursor of the next turns, or with <c>last</c> of the previous ones; null at the end.</summary>
    public required string? NextCursor { get; init; }
}
