using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>A log and up to where it is signed.</summary>
internal sealed class LogState
{
    public string TenantId { get; init; } = "";

    public string Env { get; init; } = "";

    public long Epoch { get; init; }

    /// <summary>The number of events.</summary>
    public long Size { get; init; }

    /// <summary>The size of the last checkpoint of this epoch; null if there is none.</summary>
    public long? Signed { get; init; }

    public Scope Scope => new(TenantId, Env);
}

/// <summary>Reads and writes log heads and checkpoints.</summary>
internal static class CheckpointStore
{
    private const string Columns =
        """
        select epoch as Epoch, size as Size, key_number as KeyNumber, note as Note from log_checkpoints
          where tenant_id = @TenantId and env = @Env
        """;

    /// <summary>Returns the newest checkpoint of a log, or null.</summary>
    public static async ValueTask<SignedCheckpoint?> FindLastAsync(ReadSession session) =>
        (await session.FirstOrDefaultAsync<Row>(
            Columns + " order by epoch desc, size desc, key_number desc limit 1",
            new { session.Scope.TenantId, session.Scope.Env }))?.ToSigned();

    /// <summary>Returns the checkpoints after a position, up to and including another, oldest first.</summary>
    public static async ValueTask<List<SignedCheckpoint>> ListBetweenAsync(
        ReadSession session, SinkPosition after, SignedCheckpoint upTo, int limit)
    {
        var rows = await session.QueryAsync<Row>(
            Columns
                + " and (epoch, size, key_number) > (@Epoch, @Size, @KeyNumber) and (epoch, size, key_number) <= (@lastEpoch, @lastSize, "
                    + "@lastKey) order by epoch, size, key_number limit @limit",
            new
            {
                session.Scope.TenantId, session.Scope.Env, after.Epoch, after.Size, after.KeyNumber, lastEpoch = upTo.Epoch,
                lastSize = upTo.Size, lastKey = upTo.KeyNumber, limit,
            });
        return rows.ConvertAll(row => row.ToSigned());
    }

    public static ValueTask<int> InsertAsync(WriteSession session, SignedCheckpoint signed, long now) => session.ExecuteAsync(
        """
        insert into log_checkpoints (tenant_id, env, epoch, size, key_number, note, signed_at)
          values (@TenantId, @Env, @Epoch, @Size, @KeyNumber, @Note, @now)
        """,
        new { session.Scope.TenantId, session.Scope.Env, signed.Epoch, signed.Size, signed.KeyNumber, signed.Note, now });

    /// <summary>All logs of all tenants. For the service itself: the scope must cross tenants.</summary>
    public static ValueTask<List<LogState>> ListLogsAsync(ReadSession session) => session.QueryAsync<LogState>(LogHeads.ListSql(
        "(select max(c.size) from log_checkpoints c where c.tenant_id = h.tenant_id and c.env = h.env and c.epoch = h.epoch) as Signed"));

    private sealed class Row
    {
        public long Epoch { get; init; }

        public long Size { get; init; }

        public long KeyNumber { get; init; }

        public string Note { get; init; } = "";

        public SignedCheckpoint ToSigned() => new(Epoch, Size, KeyNumber, Note);
    }
}
