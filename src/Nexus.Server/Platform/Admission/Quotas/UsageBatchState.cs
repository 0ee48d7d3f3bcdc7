using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>
/// What a tenant and env stores, as the writes of one batch change it. The first write that adds to it locks the tenant's usage until
/// the commit, in all its envs, so two writes that would pass the quota together cannot both pass.
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

    /// <summary>The bytes that a session's tenant stores, in all its envs.</summary>
    public static ValueTask<long> GetStoredBytesAsync(ReadSession session) =>
        session.FirstOrDefaultAsync<long>("select cast(coalesce(sum(storage_bytes), 0) as bigint) from usage where tenant_id = @TenantId", new { session.Scope.TenantId });

    /// <summary>Counts bytes that a caller adds (or, negative, frees).</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask AddAsync(WriteSession session, long bytes)
    {
        await EnsureQuotaAsync(session, bytes);
        _change += bytes;
    }

    /// <summary>Refuses bytes that would not fit, for what is counted elsewhere: a caller's own event.</summary>
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

    /// <summary>Counts bytes of the log, which no quota may refuse: an event that was earned is stored.</summary>
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
