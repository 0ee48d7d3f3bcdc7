namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>A transaction on the one writing connection.</summary>
internal sealed class SqliteWriteTransaction : WriteTransaction
{
    private readonly PreparedConnection _connection;

    /// <summary>Begins it.</summary>
    public SqliteWriteTransaction(PreparedConnection connection)
    {
        _connection = connection;
        connection.ExecutePrepared("begin immediate");
    }

    /// <inheritdoc />
    public override WriteSession CreateSession(Scope scope, IReadOnlyList<IBatchState> batchStates) =>
        new SqliteWriteSession(_connection, scope, batchStates);

    /// <summary>Runs one write, which must complete here: the lane's thread waits for nothing but SQLite.</summary>
    /// <exception cref="InvalidOperationException">The write awaited something other than its session.</exception>
    public override ValueTask RunAsync(QueuedWrite write, WriteSession session)
    {
        var run = base.RunAsync(write, session);
        return run.IsCompleted ? run : throw new InvalidOperationException("A write awaited something other than its session.");
    }

    /// <inheritdoc />
    public override bool IsFatal(Exception exception) => HasEnded || SqliteErrors.IsFileFailure(exception);

    /// <inheritdoc />
    public override bool IsTransient(Exception exception) => SqliteErrors.IsTransient(exception);

    /// <inheritdoc />
    public override void CreateSavepoint() => _connection.ExecutePrepared("savepoint w");

    /// <inheritdoc />
    public override void ReleaseSavepoint() => _connection.ExecutePrepared("release w");

    /// <inheritdoc />
    public override ValueTask RollbackToSavepointAsync()
    {
        _connection.ExecutePrepared("rollback to w");
        _connection.ExecutePrepared("release w");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask CommitAsync()
    {
        _connection.ExecutePrepared("commit");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            _connection.ExecutePrepared("rollback");
        }

        return ValueTask.CompletedTask;
    }

    // Asked of SQLite, which takes a transaction back by itself where the disk is full or fails, in a commit too; the driver's own
    // transaction does not notice that and lets nobody begin another.
    private bool HasEnded => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) != 0;
}
