using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Runs;

/// <summary>Reads runs. The log writes them.</summary>
internal static class RunStore
{
    private const string Columns =
        """
        select run_id as RunId, first_seq as FirstSeq, started_at as StartedAt, ended_at as EndedAt, events, cards, atoms,
          event_types as EventTypes
        from runs where tenant_id = @TenantId and env = @Env
        """;

    /// <summary>Returns runs that started before a <c>seq</c>, newest first.</summary>
    public static ValueTask<List<RunRow>> ListAsync(ReadSession session, long before, int limit) =>
        session.QueryAsync<RunRow>(
            Columns + " and first_seq < @before order by first_seq desc limit @limit",
            new { session.Scope.TenantId, session.Scope.Env, before, limit });

    /// <summary>Returns a run, or null if it does not exist.</summary>
    public static ValueTask<RunRow?> FindAsync(ReadSession session, string runId) =>
        session.FirstOrDefaultAsync<RunRow>(Columns + " and run_id = @runId", new { session.Scope.TenantId, session.Scope.Env, runId });
}

/// <summary>A stored run.</summary>
internal sealed class RunRow
{
    /// <summary>The trace id.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The <c>seq</c> of the first event.</summary>
    public long FirstSeq { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long StartedAt { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long EndedAt { get; init; }

    public long Events { get; init; }

    /// <summary>The number of <c>card_created</c> events.</summary>
    public long Cards { get; init; }

    /// <summary>The number of <c>atom_created</c> events.</summary>
    public long Atoms { get; init; }

    /// <summary>The event types in the form <c>|type||type|</c>.</summary>
    public string EventTypes { get; init; } = "";

    public ResearchRun ToWire(Scope scope)
    {
        var types = EventTypes.Split('|', StringSplitOptions.RemoveEmptyEntries);
        return new ResearchRun
        {
            RunId = RunId,
            TenantId = scope.TenantId,
            Env = scope.Env,
            StartTime = Timestamps.FromMicros(StartedAt),
            EndTime = Timestamps.FromMicros(EndedAt),
            Status = "completed",
            Kind = Kind(types),
            EventsCount = Events,
            CardsCount = Cards,
            AtomsCount = Atoms,
            Metadata = new RunMetadata { EventTypes = types },
        };
    }

    private static string Kind(string[] types) =>
        types.Contains("pack_created", StringComparer.Ordinal) ? "influence_pack"
        : types.Contains("card_created", StringComparer.Ordinal) ? "card_ingest"
        : types.Contains("card_search", StringComparer.Ordinal) ? "search"
        : types.Any(type => type.StartsWith("memory_", StringComparison.Ordinal)) ? "memory"
        : "unknown";
}
