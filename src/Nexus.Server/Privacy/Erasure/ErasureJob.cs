using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>An erasure as it is stored.</summary>
internal sealed class ErasureJob
{
    /// <summary>In which tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>The env that it was asked in; it takes all.</summary>
    public string Env { get; init; } = "";

    /// <summary>UUIDv7; the trace of its events.</summary>
    public string ErasureId { get; init; } = "";

    /// <summary>Whose; null once done or refused.</summary>
    public string? UserId { get; init; }

    /// <summary>See <see cref="ErasureStates"/>.</summary>
    public string State { get; init; } = "";

    /// <summary>Why it was refused, or done again.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asked; null where that was the person and it is done.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>JSON list of who wants it.</summary>
    public string Approvals { get; init; } = "[]";

    /// <summary>Whether the account went too.</summary>
    public bool Account { get; init; }

    /// <summary>JSON object: kind to how many.</summary>
    public string? Counts { get; init; }

    /// <summary>JSON object: env to ranges.</summary>
    public string? ErasedSeqs { get; init; }

    /// <summary>Whether the store's files hold nothing of it any more.</summary>
    public bool? Purged { get; init; }

    /// <summary>Microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Microseconds.</summary>
    public long? DoneAt { get; init; }

    /// <summary>Where it was asked.</summary>
    public Scope Scope => new(TenantId, Env);

    /// <summary>Who wants it.</summary>
    public IReadOnlyList<string> Approvers => JsonSerializer.Deserialize(Approvals, StrictJson.TypeInfo<IReadOnlyList<string>>())!;

    /// <summary>Short, as a mutation answers it.</summary>
    public ErasureState ToState() => new() { ErasureId = ErasureId, State = State };

    /// <summary>As callers see it.</summary>
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
        ErasedSeqs = ErasedSeqs is null ? null : JsonSerializer.Deserialize(ErasedSeqs, StrictJson.TypeInfo<IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>>>>()),
        Purged = Purged,
    };
}

/// <summary>The states of an erasure, in their order; a refused one is one that could not be done.</summary>
internal static class ErasureStates
{
    /// <summary>Waits for another's approval.</summary>
    public const string Requested = "requested";

    /// <summary>Waits for the worker.</summary>
    public const string Approved = "approved";

    /// <summary>Is being done.</summary>
    public const string Running = "running";

    /// <summary>Is done.</summary>
    public const string Done = "done";

    /// <summary>Cannot be done.</summary>
    public const string Refused = "refused";
}
