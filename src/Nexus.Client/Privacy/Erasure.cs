namespace Nexus.Client;

/// <summary>Request of <c>POST /privacy/erasures</c>. Members can erase themselves, admins anybody.</summary>
public sealed record ErasureRequest
{
    /// <summary>The person.</summary>
    public required string UserId { get; init; }
}

/// <summary>The state of an erasure.</summary>
public sealed record ErasureState
{
    /// <summary>Id of the erasure.</summary>
    public required string ErasureId { get; init; }

    /// <summary><c>requested</c>, <c>approved</c>, <c>running</c>, <c>done</c> or <c>refused</c>.</summary>
    public required string State { get; init; }
}

/// <summary>The erasure of a person from a tenant, in all its envs.</summary>
public sealed record Erasure
{
    /// <summary>Id of the erasure, also the trace id of its events.</summary>
    public required string ErasureId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The env in which it was requested.</summary>
    public required string Env { get; init; }

    /// <summary>The person; null once it is done or refused.</summary>
    public string? UserId { get; init; }

    /// <summary><c>requested</c>, <c>approved</c>, <c>running</c>, <c>done</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it was refused or repeated.</summary>
    public string? Reason { get; init; }

    /// <summary>Who requested it; null once done if that was the person.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Who requested or approved it; without the person once done.</summary>
    public required IReadOnlyList<string> Approvals { get; init; }

    /// <summary>When it was requested.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it finished.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Number of erased objects by kind. Null until done.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>
    /// The events whose content was erased: inclusive ranges of <c>seq</c> by env; <c>t_system</c> for sign-ins, if the account was
    /// erased too.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>>>? ErasedSeqs { get; init; }

    /// <summary>Whether the database files no longer contained the erased content at the end.</summary>
    public bool? Purged { get; init; }
}
