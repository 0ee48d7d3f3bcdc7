using System.Data.Common;
using Microsoft.Data.Sqlite;

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
    public override DbConnection Connection => _connection;

    /// <inheritdoc />
    public override DbTransaction? UnderlyingTransaction => null;

    /// <inheritdoc />
    public override SessionKind Kind => SessionKind.Sqlite;

    /// <inheritdoc />
    public override bool IsFatal(Exception exception) =>
        HasEnded || exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CORRUPT };

    /// <inheritdoc />
    public override bool IsTransient(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOMEM
    };

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
    public override ValueTask ExecuteManyAsync((string Sql, IReadOnlyList<object?[]> Rows)[] statements)
    {
        foreach (var (sql, rows) in statements)
        {
            _connection.ExecutePreparedMany(sql, rows);
        }

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
