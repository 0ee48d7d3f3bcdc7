using Dapper;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// Statements on the one connection that writes, on the lane's thread. No other write runs beside it, so rows need no locks and named
/// locks are always free.
/// </summary>
internal sealed class SqliteWriteSession(PreparedConnection connection, Scope scope, IReadOnlyList<IBatchState> batchStates)
    : WriteSession(scope, batchStates)
{
    /// <inheritdoc />
    public override string ForUpdate => "";

    /// <inheritdoc />
    public override ValueTask<List<T>> QueryAsync<T>(string sql, object? args = null) => new(connection.Query<T>(sql, args).AsList());

    /// <inheritdoc />
    public override ValueTask<T?> FirstOrDefaultAsync<T>(string sql, object? args = null)
        where T : default => new(connection.QueryFirstOrDefault<T>(sql, args));

    /// <inheritdoc />
    public override ValueTask<int> ExecuteAsync(string sql, object? args = null) => new(connection.Execute(sql, args));

    /// <inheritdoc />
    public override ValueTask ExecuteManyAsync(IReadOnlyList<BatchStatement> statements)
    {
        foreach (var (sql, rows) in statements)
        {
            connection.ExecutePreparedMany(sql, rows);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override string In(string column, string parameter) => SqliteReadSession.InList(column, parameter);

    /// <inheritdoc />
    public override ValueTask LockAsync(string name) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public override ValueTask<bool> TryLockAsync(string name) => new(true);

    /// <inheritdoc />
    public override ValueTask<bool> IsLockedAsync(string name) => new(false);
}
