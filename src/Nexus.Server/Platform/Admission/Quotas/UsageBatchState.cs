using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>
/// Tracks the storage used by a tenant and env across the writes of a batch. The first write that adds bytes locks the tenant's
/// usage in all its envs until the commit, so that two writes cannot exceed the quota together.
/// </summary>
internal sealed class UsageBatchState(Scope scope, QuotaOptions quotas) : IBatchState
{
    private const string AddStoredBytes =
        """
        insert into usage (tenant_id, env, storage_bytes, day, requests) values ($1, $2, $3, 0, 0)
        on conflict (tenant_id, env) do update set storage_bytes = usage.storage_bytes + excluded.storage_bytes
        """;

    private long? _stored;
    private long _change;
    private long _savepoint;

    /// <summary>Returns the bytes stored by the session's tenant in all its envs.</summary>
    public static ValueTask<long> GetStoredBytesAsync(ReadSession session) =>
        session.FirstOrDefaultAsync<long>(
            "select cast(coalesce(sum(storage_bytes), 0) as bigint) from usage where tenant_id = @TenantId",
            new { session.Scope.TenantId });

    /// <summary>Adds bytes of a caller's data; negative if bytes are freed.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask AddAsync(WriteSession session, long bytes)
    {
        await EnsureQuotaAsync(session, bytes);
        _change += bytes;
    }

    /// <summary>
    /// Checks that bytes fit into the quota without adding them, for data that is counted elsewhere: callers' own events.
    /// </summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask EnsureQuotaAsync(WriteSession session, long bytes)
    {
        if (_stored is null)
        {
            await session.LockAsync("usage " + scope.TenantId);
            _stored = await GetStoredBytesAsync(session);
        }

        if (bytes > 0 && _stored + _change + bytes > quotas.GetStorageBytes(scope.TenantId))
        {
            throw new ProblemException(QuotaGate.Exceeded("storage_bytes", quotas.GetStorageBytes(scope.TenantId), null));
        }
    }

    /// <summary>Adds bytes of the log. No quota can refuse them, because the event of an accepted write must be stored.</summary>
    public void AddEventBytes(long bytes) => _change += bytes;

    /// <inheritdoc />
    public ValueTask BeginAsync(WriteSession session) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public void CreateSavepoint() => _savepoint = _change;

    /// <inheritdoc />
    public void RollbackToSavepoint() => _change = _savepoint;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<BatchStatement>> FlushAsync(WriteSession session) => new(
        _change == 0 ? [] : [new BatchStatement(AddStoredBytes, [[scope.TenantId, scope.Env, _change]])]);
}
