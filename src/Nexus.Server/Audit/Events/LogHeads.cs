using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>Where a log stands.</summary>
internal sealed class LogHead
{
    /// <summary>How often the log was taken back, as after a restore.</summary>
    public long Epoch { get; init; }

    /// <summary>How many events it has.</summary>
    public long Size { get; init; }

    /// <summary>The compact range of its tree.</summary>
    public byte[] Range { get; init; } = [];
}

/// <summary>Heads of logs, beyond what <see cref="LogBatchState"/> does with them in a batch.</summary>
internal static class LogHeads
{
    /// <summary>The head of the session's log; null where nothing was ever appended.</summary>
    public static ValueTask<LogHead?> FindAsync(ReadSession session) => session.FirstOrDefaultAsync<LogHead>(
        "select epoch as Epoch, size as Size, range as Range from log_heads where tenant_id = @TenantId and env = @Env",
        new { session.Scope.TenantId, session.Scope.Env });

    /// <summary>
    /// SQL that lists the logs of all tenants, with TenantId, Env, Epoch and Size. For the service itself: the scope must cross tenants.
    /// </summary>
    /// <param name="column">One more column of the caller's, literal SQL over <c>h</c>.</param>
    public static string ListSql(string column) =>
        $"select h.tenant_id as TenantId, h.env as Env, h.epoch as Epoch, h.size as Size, {column} from log_heads h";

    /// <summary>How many events the session's log has.</summary>
    public static ValueTask<long> GetSizeAsync(ReadSession session) => session.FirstOrDefaultAsync<long>(
        "select size from log_heads where tenant_id = @TenantId and env = @Env", new { session.Scope.TenantId, session.Scope.Env });

    /// <summary>Whether a tenant has a log in any env.</summary>
    public static async ValueTask<bool> AnyAsync(ReadSession session, string tenantId) =>
        await session.FirstOrDefaultAsync<int>("select 1 from log_heads where tenant_id = @tenantId limit 1", new { tenantId }) == 1;

    /// <summary>Begins an epoch.</summary>
    public static ValueTask<int> SetEpochAsync(WriteSession session, long epoch) => session.ExecuteAsync(
        "update log_heads set epoch = @epoch where tenant_id = @TenantId and env = @Env",
        new { session.Scope.TenantId, session.Scope.Env, epoch });

    /// <summary>Events that retention has not looked at yet, oldest first.</summary>
    public static async ValueTask<List<(long Seq, long RecordedAt)>> ListUnsweptAsync(ReadSession session, int limit) =>
        (await session.QueryAsync<UnsweptEvent>(
            """
            select e.seq as Seq, e.recorded_at as RecordedAt from events e join log_heads h on h.tenant_id = e.tenant_id and h.env = e.env
            where e.tenant_id = @TenantId and e.env = @Env and e.seq >= h.erased_below order by e.seq limit @limit
            """,
            new { session.Scope.TenantId, session.Scope.Env, limit })).ConvertAll(row => (row.Seq, row.RecordedAt));

    /// <summary>Notes how far retention has come.</summary>
    /// <param name="session">A write of the log.</param>
    /// <param name="seq">The first event that was not swept.</param>
    public static ValueTask<int> SetSweptBelowAsync(WriteSession session, long seq) => session.ExecuteAsync(
        "update log_heads set erased_below = @seq where tenant_id = @TenantId and env = @Env",
        new { session.Scope.TenantId, session.Scope.Env, seq });

    private sealed class UnsweptEvent
    {
        public long Seq { get; init; }

        public long RecordedAt { get; init; }
    }
}
