using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Storage;

/// <summary>
/// SQLite: one lane with the only connection that writes and checkpoints, readers from a pool.
/// Settings and their reasons: docs/security.md.
/// </summary>
internal sealed partial class SqliteDatabase : Database
{
    private const int BatchSize = 128;
    private const int QueueSize = 2048;

    private readonly BlockingCollection<Write> _queue = new(QueueSize);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly PreparedConnection _writer;
    private readonly FileStream _lock;
    private readonly Thread _lane;
    private readonly string _path;
    private readonly Func<Scope, IReadOnlyList<IBatchPart>> _parts;
    private readonly ILogger _logger;

    private SqliteDatabase(string path, FileStream fileLock, PreparedConnection writer, Func<Scope, IReadOnlyList<IBatchPart>> parts, ILogger logger)
    {
        (_path, _lock, _writer, _parts, _logger) = (path, fileLock, writer, parts, logger);
        _lane = new Thread(RunLane) { IsBackground = true, Name = "nexus-writer" };
        _lane.Start();
    }

    /// <inheritdoc />
    public override string Engine => "sqlite";

    /// <inheritdoc />
    public override bool IsShared => false;

    /// <inheritdoc />
    public override string Clock => "cast(unixepoch('subsec') * 1000000 as integer)";

    /// <summary>The lane is the only way to write; the service's own scope keeps the statement from opening a tenant's log.</summary>
    public override ValueTask<T?> RunAloneAsync<T>(Scope scope, string sql, object args, CancellationToken cancellation)
        where T : default => WriteAsync(Scope.System, session => session.FirstAsync<T>(sql, args), cancellation);

    /// <summary>Opens the database of a data folder, made at need, and brings its schema up to date.</summary>
    /// <exception cref="StartRefusedException">Another process has the folder open.</exception>
    public static async Task<SqliteDatabase> OpenAsync(string folder, Func<Scope, IReadOnlyList<IBatchPart>> parts, TimeProvider time, ILogger logger)
    {
        SQLitePCL.Batteries_V2.Init();
        FileStream fileLock;
        try
        {
            fileLock = new FileStream(Path.Combine(folder, "nexus.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartRefusedException($"Another Nexus process is using the data folder '{folder}'. One folder takes one process; for several, use PostgreSQL.") { IsInUse = true };
        }

        var path = Path.Combine(folder, "nexus.db");
        var writer = Open(path, SqliteOpenMode.ReadWriteCreate);
        await Migrations.ApplyAsync(writer, "sqlite", time);
        return new SqliteDatabase(path, fileLock, writer, parts, logger);
    }

    /// <inheritdoc />
    public override async ValueTask<T> ReadAsync<T>(Scope scope, Func<ReadSession, ValueTask<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SqliteConnection? reader = null;
        try
        {
            if (!_readers.TryTake(out reader))
            {
                reader = Open(_path, SqliteOpenMode.ReadOnly);
            }

            var result = await read(new ReadSession(reader, null, scope, SessionKind.Sqlite));
            _readers.Add(reader);
            reader = null;
            return result;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_MISUSE or SQLitePCL.raw.SQLITE_RANGE))
        {
            throw new StoreUnavailableException("The store cannot be read.", exception);
        }
        finally
        {
            // A reader whose statement failed is dropped, not shared.
            if (reader is not null)
            {
                await reader.DisposeAsync();
            }
        }
    }

    /// <inheritdoc />
    public override async ValueTask<T> WriteAsync<T>(Scope scope, Func<WriteSession, ValueTask<T>> write, CancellationToken cancellation)
    {
        var waiting = new Write<T>(scope, write, cancellation);
        try
        {
            if (!_queue.TryAdd(waiting, 0, CancellationToken.None))
            {
                throw new StoreUnavailableException("Too many writes are waiting.");
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new StoreUnavailableException("The service is stopping.", exception);
        }

        return await waiting.Done;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.CompleteAdding();
            await Task.Run(_lane.Join);
            foreach (var reader in _readers)
            {
                await reader.DisposeAsync();
            }

            await _writer.DisposeAsync();
            await _lock.DisposeAsync();
            _queue.Dispose();
        }
    }

    private static PreparedConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new PreparedConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            pragma busy_timeout=5000; pragma synchronous=FULL; pragma foreign_keys=ON; pragma trusted_schema=OFF; pragma cell_size_check=ON;
            pragma mmap_size=0; pragma secure_delete=ON; pragma journal_size_limit=67108864; pragma recursive_triggers=ON; pragma cache_size=-16000;
            """ + (mode == SqliteOpenMode.ReadOnly ? " pragma query_only=ON;" : " pragma journal_mode=WAL;");
        command.ExecuteNonQuery();
        return connection;
    }

    private void RunLane()
    {
        var batch = new List<Write>(BatchSize);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < BatchSize && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            // Completes synchronously: nothing in it waits for anything but SQLite.
            WriteBatch.RunAsync(() => new ValueTask<WriteTransaction>(new SqliteWriteTransaction(_writer)), batch, _parts, RaiseChanged, RaiseCommitted, OnFailure)
                .AsTask().GetAwaiter().GetResult();
        }
    }

    private void OnFailure(Exception exception)
    {
        // After a failed write or fsync the kernel may have dropped the pages: what the file holds is only known after reopening it.
        if (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR })
        {
            LogDiskFailed(exception);
            Environment.FailFast("The disk failed below the database.");
        }

        LogBatchFailed(exception);
    }

    [LoggerMessage(LogLevel.Error, "A batch of writes was rolled back")]
    private partial void LogBatchFailed(Exception exception);

    [LoggerMessage(LogLevel.Critical, "The disk failed below the database; the process ends so that nothing is acknowledged that may be lost")]
    private partial void LogDiskFailed(Exception exception);
}

/// <summary>A transaction on the one writing connection.</summary>
internal sealed class SqliteWriteTransaction(PreparedConnection connection) : WriteTransaction
{
    private readonly SqliteTransaction _inner = connection.BeginTransaction(deferred: false);

    /// <inheritdoc />
    public override DbConnection Connection => connection;

    /// <inheritdoc />
    public override DbTransaction Inner => _inner;

    /// <inheritdoc />
    public override SessionKind Kind => SessionKind.Sqlite;

    /// <inheritdoc />
    public override bool IsLost(Exception exception) =>
        SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0 || exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CORRUPT };

    /// <inheritdoc />
    public override bool IsTransient(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOMEM
    };

    /// <inheritdoc />
    public override void Savepoint() => connection.Run("savepoint w", _inner);

    /// <inheritdoc />
    public override void Release() => connection.Run("release w", _inner);

    /// <inheritdoc />
    public override ValueTask RollbackToSavepointAsync()
    {
        connection.Run("rollback to w", _inner);
        connection.Run("release w", _inner);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask CommitAsync()
    {
        _inner.Commit();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask ExecuteManyAsync((string Sql, IReadOnlyList<object?[]> Rows)[] statements)
    {
        foreach (var (sql, rows) in statements)
        {
            connection.RunMany(sql, rows, _inner);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync() => await _inner.DisposeAsync();
}
