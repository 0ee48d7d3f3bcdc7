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
        connection.Run("begin immediate");
    }

    /// <inheritdoc />
    public override DbConnection Connection => _connection;

    /// <inheritdoc />
    public override DbTransaction? Inner => null;

    /// <inheritdoc />
    public override SessionKind Kind => SessionKind.Sqlite;

    /// <inheritdoc />
    public override bool IsLost(Exception exception) =>
        IsOver || exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CORRUPT };

    /// <inheritdoc />
    public override bool IsTransient(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOMEM
    };

    /// <inheritdoc />
    public override void Savepoint() => _connection.Run("savepoint w");

    /// <inheritdoc />
    public override void Release() => _connection.Run("release w");

    /// <inheritdoc />
    public override ValueTask RollbackToSavepointAsync()
    {
        _connection.Run("rollback to w");
        _connection.Run("release w");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask CommitAsync()
    {
        _connection.Run("commit");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask ExecuteManyAsync((string Sql, IReadOnlyList<object?[]> Rows)[] statements)
    {
        foreach (var (sql, rows) in statements)
        {
            _connection.RunMany(sql, rows);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        if (!IsOver)
        {
            _connection.Run("rollback");
        }

        return ValueTask.CompletedTask;
    }

    // Asked of SQLite, which takes a transaction back by itself where the disk is full or fails, in a commit too; the driver's own
    // transaction does not notice that and lets nobody begin another.
    private bool IsOver => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) != 0;
}
