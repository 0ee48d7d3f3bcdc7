using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>A stored erasure.</summary>
internal sealed class ErasureJob
{
    public string TenantId { get; init; } = "";

    /// <summary>The env of the request. The erasure covers all envs.</summary>
    public string Env { get; init; } = "";

    /// <summary>UUIDv7. Also the trace id of the erasure's events.</summary>
    public string ErasureId { get; init; } = "";

    /// <summary>The person to erase; null once done or refused.</summary>
    public string? UserId { get; init; }

    /// <summary>One of <see cref="ErasureStates"/>.</summary>
    public string State { get; init; } = "";

    /// <summary>Why the erasure was refused or is run again; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Who requested it; null once done if that was the person.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>A JSON array with the ids of those who requested or approved it.</summary>
    public string Approvals { get; init; } = "[]";

    /// <summary>Whether the person's account was erased too.</summary>
    public bool Account { get; init; }

    /// <summary>A JSON object from kind to the number of erased items; null until done.</summary>
    public string? Counts { get; init; }

    /// <summary>A JSON object from env to ranges of <c>seq</c>; null until done.</summary>
    public string? ErasedSeqs { get; init; }

    /// <summary>Whether the store's files contain no erased data any more; null until done.</summary>
    public bool? Purged { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Unix microseconds; null until done or refused.</summary>
    public long? DoneAt { get; init; }

    /// <summary>The tenant and env of the request.</summary>
    public Scope Scope => new(TenantId, Env);

    /// <summary>The ids of those who requested or approved it.</summary>
    public IReadOnlyList<string> Approvers => JsonSerializer.Deserialize(Approvals, StrictJson.TypeInfo<IReadOnlyList<string>>())!;

    /// <summary>Returns the short form, as a response to a mutation.</summary>
    public ErasureState ToState() => new() { ErasureId = ErasureId, State = State };

    public Client.Erasure ToWire() => new()
    {
        ErasureId = ErasureId,
        TenantId = TenantId,
        Env = Env,
        UserId = UserId,
        State = State,
        Reason = Reason,
        RequestedBy = RequestedBy,
        Approvals = Approvers,
        CreatedAt = Timestamps.FromMicros(CreatedAt),
        UpdatedAt = Timestamps.FromMicros(UpdatedAt),
        DoneAt = Timestamps.FromMicros(DoneAt),
        Counts = Counts is null ? null : JsonSerializer.Deserialize(Counts, StrictJson.TypeInfo<IReadOnlyDictionary<string, long>>()),
        ErasedSeqs = ErasedSeqs is null
            ? null
            : JsonSerializer.Deserialize(
                ErasedSeqs,
                StrictJson.TypeInfo<IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>>>>()),
        Purged = Purged,
    };
}

/// <summary>The states of an erasure, in order.</summary>
internal static class ErasureStates
{
    /// <summary>Waits for another person's approval.</summary>
    public const string Requested = "requested";

    /// <summary>Waits for the worker.</summary>
    public const string Approved = "approved";

    /// <summary>In progress.</summary>
    public const string Running = "running";

    /// <summary>Completed.</summary>
    public const string Done = "done";

    /// <summary>Cannot be carried out.</summary>
    public const string Refused = "refused";
}
