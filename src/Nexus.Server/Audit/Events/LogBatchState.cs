using Nexus.Merkle;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// The head of one log during a batch. It is locked before the batch's first write, so that sequence numbers become visible in
/// order. It is written once, together with the batch's events, before the commit.
/// </summary>
internal sealed class LogBatchState(Scope scope) : IBatchState
{
    private const string InsertEvent =
        """
        insert into events (tenant_id, env, seq, event_id, recorded_at, event_type, action, asset_type, asset_id, trace_id, actor_id,
          subject_id, surface, entry, leaf, content, salt)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """;

    private const string UpdateHead =
        "update log_heads set size = $3, range = $4, recorded_at = $5, has_preferences = $6 where tenant_id = $1 and env = $2";

    private readonly List<object?[]> _rows = [];
    private readonly List<byte[]> _leaves = [];
    private CompactRange _range = new();
    private long _recordedAt;
    private (long RecordedAt, int Rows, bool HasPreferences) _savepoint;

    /// <summary>The <c>seq</c> of the next event.</summary>
    public long NextSeq => _range.Size + _leaves.Count;

    /// <summary>Returns the time of the next event in Unix microseconds: now, but never before the previous event's time.</summary>
    public long GetNextTime(long now) => Math.Max(now, _recordedAt);

    /// <summary>Whether a training preference was ever set in the tenant and env.</summary>
    public bool HasPreferences { get; set; }

    /// <summary>Takes the next place for an event's row and leaf.</summary>
    public void Add(object?[] row, byte[] leaf, long recordedAt)
    {
        _leaves.Add(leaf);
        _recordedAt = recordedAt;
        _rows.Add(row);
    }

    /// <inheritdoc />
    public async ValueTask BeginAsync(WriteSession session)
    {
        var head = await session.FirstOrDefaultAsync<Head>(
            "select range, recorded_at as RecordedAt, has_preferences as HasPreferences from log_heads where tenant_id = @TenantId and env "
            + "= @Env"
                + session.ForUpdate,
            new { scope.TenantId, scope.Env });
        if (head is null)
        {
            // A log starts with its first event. If two nodes start it at the same time, one waits here for the other's commit.
            await session.ExecuteAsync(
                """
                insert into log_heads (tenant_id, env, size, range, recorded_at) values (@TenantId, @Env, 0, @range, 0)
                  on conflict (tenant_id, env) do nothing
                """,
                new { scope.TenantId, scope.Env, range = _range.ToBytes() });
            head = await session.FirstOrDefaultAsync<Head>(
                "select range, recorded_at as RecordedAt, has_preferences as HasPreferences from log_heads where tenant_id = @TenantId and "
                + "env = @Env"
                    + session.ForUpdate,
                new { scope.TenantId, scope.Env });
        }

        _range = CompactRange.FromBytes(head!.Range);
        _recordedAt = head.RecordedAt;
        HasPreferences = head.HasPreferences;
    }

    /// <inheritdoc />
    public void CreateSavepoint() => _savepoint = (_recordedAt, _rows.Count, HasPreferences);

    /// <inheritdoc />
    public void RollbackToSavepoint()
    {
        (_recordedAt, var rows, HasPreferences) = _savepoint;
        _rows.RemoveRange(rows, _rows.Count - rows);
        _leaves.RemoveRange(rows, _leaves.Count - rows);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<BatchStatement>> FlushAsync(WriteSession session)
    {
        if (_rows.Count == 0)
        {
            return [];
        }

        var tiles = await TileWriter.CreateAsync(session, _range.Size, _leaves);
        foreach (var leaf in _leaves)
        {
            _range.Append(leaf);
        }

        // Events, completed tiles, and the head.
        return
        [
            new BatchStatement(InsertEvent, _rows),
            new BatchStatement(TileWriter.InsertSql, tiles?.InsertRows ?? []),
            new BatchStatement(TileWriter.UpdateSql, tiles?.UpdateRows ?? []),
            new BatchStatement(UpdateHead, [[scope.TenantId, scope.Env, _range.Size, _range.ToBytes(), _recordedAt, HasPreferences]]),
        ];
    }

    private sealed class Head
    {
        public byte[] Range { get; init; } = [];

        public long RecordedAt { get; init; }

        public bool HasPreferences { get; init; }
    }
}
