using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>Statements inside a lane's transaction, which has set the scope. Savepoints that wait travel with the next one.</summary>
internal sealed class PostgresWriteSession(
    PostgresWriteTransaction transaction,
    NpgsqlConnection connection,
    NpgsqlTransaction inner,
    Scope scope,
    IReadOnlyList<IBatchState> batchStates)
    : WriteSession(scope, batchStates)
{
    /// <inheritdoc />
    public override string ForUpdate => " for update";

    /// <inheritdoc />
    public override async ValueTask<List<T>> QueryAsync<T>(string sql, object? args = null) =>
        (await connection.QueryAsync<T>(transaction.PrependPending(sql), args, inner)).AsList();

    /// <inheritdoc />
    public override async ValueTask<T?> FirstOrDefaultAsync<T>(string sql, object? args = null)
        where T : default => await connection.QueryFirstOrDefaultAsync<T>(transaction.PrependPending(sql), args, inner);

    /// <inheritdoc />
    public override async ValueTask<int> ExecuteAsync(string sql, object? args = null) =>
        await connection.ExecuteAsync(transaction.PrependPending(sql), args, inner);

    /// <inheritdoc />
    public override async ValueTask ExecuteManyAsync(IReadOnlyList<BatchStatement> statements)
    {
        await using var batch = new NpgsqlBatch(connection, inner);
        foreach (var pending in transaction.TakePending())
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(pending));
        }

        foreach (var (sql, rows) in statements)
        {
            foreach (var row in rows)
            {
                var command = new NpgsqlBatchCommand(sql);
                foreach (var value in row)
                {
                    command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
                }

                batch.BatchCommands.Add(command);
            }
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <inheritdoc />
    public override string In(string column, string parameter) => PostgresSql.In(column, parameter);

    /// <inheritdoc />
    public override async ValueTask LockAsync(string name) =>
        await FirstOrDefaultAsync<string>("select pg_advisory_xact_lock(hashtextextended(@name, 0))::text", new { name });

    /// <inheritdoc />
    public override async ValueTask<bool> TryLockAsync(string name) =>
        await FirstOrDefaultAsync<bool>("select pg_try_advisory_xact_lock(hashtextextended(@name, 0))", new { name });

    /// <inheritdoc />
    public override async ValueTask<bool> IsLockedAsync(string name) =>
        !await FirstOrDefaultAsync<bool>(PostgresSql.TryLockShared, new { name });

    /// <inheritdoc />
    public override async ValueTask NotifyAsync(string topic, string key)
    {
        await FirstOrDefaultAsync<string>("select pg_notify('nexus', @payload)::text", new { payload = $"{topic} {key}" });
        await base.NotifyAsync(topic, key);
    }
}
