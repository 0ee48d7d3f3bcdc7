namespace Nexus.Client;

/// <summary><c>POST /privacy/erasures</c>: a member for themself, an admin for anybody.</summary>
public sealed record ErasureRequest
{
    /// <summary>The person.</summary>
    public required string UserId { get; init; }
}

/// <summary>How far an erasure is.</summary>
public sealed record ErasureState
{
    /// <summary>The erasure.</summary>
    public required string ErasureId { get; init; }

    /// <summary><c>requested</c>, <c>approved</c>, <c>running</c>, <c>done</c> or <c>refused</c>.</summary>
    public required string State { get; init; }
}

/// <summary>The erasure of a person from a tenant, in all its envs.</summary>
public sealed record Erasure
{
    /// <summary>Its id; the trace of all that it does.</summary>
    public required string ErasureId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The env it was asked in.</summary>
    public required string Env { get; init; }

    /// <summary>The person; null once it is done or refused.</summary>
    public string? UserId { get; init; }

    /// <summary><c>requested</c>, <c>approved</c>, <c>running</c>, <c>done</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it was refused, or done again.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asked; null once it is done where that was the person.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Who wants it, whoever asked first; without the person once it is done.</summary>
    public required IReadOnlyList<string> Approvals { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>What was erased: kind of thing to how many. Null until it is done.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>The events whose content was erased: env to ranges of <c>seq</c>, both ends included; <c>t_system</c> for sign-ins, where the account went too.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>>>? ErasedSeqs { get; init; }

    /// <summary>Whether the store's own files held nothing of it any more when it ended.</summary>
    public bool? Purged { get; init; }
}
