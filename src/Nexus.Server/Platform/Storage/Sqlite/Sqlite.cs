using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// SQLite: one lane with the only connection that writes and checkpoints, readers from a pool.
/// Settings and their reasons: docs/security.md.
/// </summary>
internal sealed partial class SqliteDatabase : Database
{
    private const int BatchSize = 128;
    private const int QueueSize = 2048;

    /// <summary>How long a connection waits for another's lock, in milliseconds.</summary>
    private const int BusyTimeoutMilliseconds = 5000;

    private readonly BlockingCollection<QueuedWrite> _queue = new(QueueSize);
    private readonly ConcurrentQueue<(TaskCompletionSource<bool> Asked, bool IsRepeat)> _purges = new();
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly PreparedConnection _writer;
    private readonly FileStream _lock;
    private readonly Thread _writerThread;
    private readonly string _path;
    private readonly WalCheckpointer _checkpointer;
    private readonly Func<Scope, IReadOnlyList<IBatchState>> _createBatchStates;
    private readonly ILoggerFactory _loggerFactory;
    private readonly ILogger _logger;

    // Of the lane: whether the file was made anew since the last purge that was no repeat.
    private bool _isVacuumed;

    private SqliteDatabase(string path, FileStream fileLock, PreparedConnection writer, Func<Scope, IReadOnlyList<IBatchState>> parts, ILoggerFactory logs)
    {
        (_path, _lock, _writer, _createBatchStates, _loggerFactory) = (path, fileLock, writer, parts, logs);
        (_checkpointer, _logger) = (new WalCheckpointer(writer), logs.CreateLogger<SqliteDatabase>());
        _writerThread = new Thread(RunLane) { IsBackground = true, Name = "nexus-writer" };
        _writerThread.Start();
    }

    /// <inheritdoc />
    public override string Engine => "sqlite";

    /// <inheritdoc />
    public override bool IsShared => false;

    /// <inheritdoc />
    public override string NowMicrosSql => "cast(unixepoch('subsec') * 1000000 as integer)";

    /// <summary>The lane is the only way to write; the service's own scope keeps the statement from opening a tenant's log.</summary>
    public override ValueTask<T?> ExecuteInOwnTransactionAsync<T>(Scope scope, string sql, object args, CancellationToken cancellationToken)
        where T : default => WriteAsync(Scope.System, session => session.FirstOrDefaultAsync<T>(sql, args), cancellationToken);

    /// <summary>Opens the database of a data folder, made at need, and brings its schema up to date.</summary>
    /// <exception cref="StartupException">Another process has the folder open, or it cannot be read and written.</exception>
    public static async Task<SqliteDatabase> OpenAsync(string folder, Func<Scope, IReadOnlyList<IBatchState>> parts, TimeProvider time, ILoggerFactory logs)
    {
        SQLitePCL.Batteries_V2.Init();
        var fileLock = LockFolder(folder);
        PreparedConnection? writer = null;
        try
        {
            var path = Path.Combine(folder, "nexus.db");
            writer = OpenConnection(path, SqliteOpenMode.ReadWriteCreate);
            WalCheckpointer.RunAtStartup(writer);
            await Migrator.ApplyAsync(writer, "sqlite", time);
            return new SqliteDatabase(path, fileLock, writer, parts, logs);
        }
        catch (Exception exception)
        {
            writer?.Dispose();
            await fileLock.DisposeAsync();
            if (exception is SqliteException)
            {
                throw new StartupException($"The database in the data folder '{folder}' cannot be opened or brought up to date: {exception.Message}");
            }

            throw;
        }
    }

    private static FileStream LockFolder(string folder)
    {
        // What a held lock is called: on Linux, macOS and Windows.
        const int Linux = 11, MacOS = 35, Windows = unchecked((int)0x80070020);
        try
        {
            return new FileStream(Path.Combine(folder, "nexus.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is Linux or MacOS or Windows)
        {
            throw new StartupException($"Another Nexus process is using the data folder '{folder}'. One folder takes one process; for several, use PostgreSQL.") { IsDataFolderInUse = true };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{folder}' cannot be written: {exception.Message}");
        }
    }

    /// <inheritdoc />
    public override async ValueTask<T> ReadAsync<T>(Scope scope, Func<ReadSession, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqliteConnection? reader = null;
        try
        {
            if (!_readers.TryTake(out reader))
            {
                reader = OpenConnection(_path, SqliteOpenMode.ReadOnly);
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
    public override async ValueTask<T> WriteAsync<T>(Scope scope, Func<WriteSession, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        var waiting = new QueuedWrite<T>(scope, write, cancellationToken);
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

        return await waiting.Completion;
    }

    /// <inheritdoc />
    public override async ValueTask<bool> PurgeAsync(IReadOnlyList<string> tables, bool isRepeat, CancellationToken cancellationToken)
    {
        // Asked for before the write is queued, so the lane finds it after the batch of that write at the latest.
        var asked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _purges.Enqueue((asked, isRepeat));
        await WriteAsync(Scope.System, session => session.FirstOrDefaultAsync<int>("select 1"), CancellationToken.None);
        return await asked.Task;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.CompleteAdding();
            await Task.Run(_writerThread.Join);
            foreach (var reader in _readers)
            {
                await reader.DisposeAsync();
            }

            await _writer.DisposeAsync();
            await _lock.DisposeAsync();
            _queue.Dispose();
        }
    }

    private static PreparedConnection OpenConnection(string path, SqliteOpenMode mode)
    {
        var connection = new PreparedConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            pragma busy_timeout={BusyTimeoutMilliseconds}; pragma synchronous=FULL; pragma foreign_keys=ON; pragma trusted_schema=OFF; pragma cell_size_check=ON;
            pragma mmap_size=0; pragma secure_delete=ON; pragma journal_size_limit=67108864; pragma recursive_triggers=ON; pragma cache_size=-16000;
            """ + (mode == SqliteOpenMode.ReadOnly ? " pragma query_only=ON;" : " pragma journal_mode=WAL; pragma wal_autocheckpoint=0;");
        command.ExecuteNonQuery();
        return connection;
    }

    private void RunLane()
    {
        var batch = new List<QueuedWrite>(BatchSize);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < BatchSize && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            // Completes synchronously: nothing in it waits for anything but SQLite.
            WriteBatch.RunAsync(() => new ValueTask<WriteTransaction>(new SqliteWriteTransaction(_writer)), batch, _createBatchStates, RaiseChanged, RaiseCommitted, OnBatchFailed)
                .AsTask().GetAwaiter().GetResult();
            while (_purges.TryDequeue(out var purge))
            {
                purge.Asked.TrySetResult(Purge(purge.IsRepeat));
            }

            try
            {
                _checkpointer.RunIfNeeded();
            }
            catch (SqliteException exception)
            {
                FailFastIfUnsafe(exception);
                LogNotCheckpointed(exception);
            }
        }
    }

    /// <summary>
    /// Makes the file anew and empties the journal. Overwriting what is deleted is not enough: when SQLite moves rows between pages it
    /// leaves the bytes that were there, until something else needs the place. A reader that stays holds up the journal alone: the file is
    /// made anew once, or each try would lay another copy of it into a journal that cannot be emptied, and writers wait for such a reader
    /// no longer than short reads need.
    /// </summary>
    private bool Purge(bool isRepeat)
    {
        try
        {
            _isVacuumed &= isRepeat;
            if (!_isVacuumed)
            {
                using var command = _writer.CreateCommand();
                command.CommandText = "vacuum";
                command.ExecuteNonQuery();
                _isVacuumed = true;
            }

            return _checkpointer.TryTruncate(BusyTimeoutMilliseconds);
        }
        catch (SqliteException exception)
        {
            FailFastIfUnsafe(exception);
            LogNotCheckpointed(exception);
            return false;
        }
    }

    private void OnBatchFailed(Exception exception)
    {
        FailFastIfUnsafe(exception);
        LogBatchFailed(exception);
    }

    /// <summary>
    /// Ends the process where a flush failed, or anything else below the database but a write: the kernel may have dropped pages that it
    /// could not write and calls them clean, so a second flush would succeed and prove nothing. What the file holds is only known after
    /// opening it anew. A write that is refused (a full or read-only disk) is known not to have happened, and only fails its batch.
    /// </summary>
    private void FailFastIfUnsafe(Exception exception)
    {
        const int RefusedWrite = SQLitePCL.raw.SQLITE_IOERR | (3 << 8);
        if (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR } failure && failure.SqliteExtendedErrorCode != RefusedWrite)
        {
            LogDiskFailed(exception);
            _loggerFactory.Dispose();
            Environment.FailFast(string.Create(CultureInfo.InvariantCulture, $"The disk failed below the database: {failure.Message} (extended code {failure.SqliteExtendedErrorCode})."));
        }
    }

    [LoggerMessage(LogLevel.Error, "A batch of writes was rolled back")]
    private partial void LogBatchFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The write-ahead log could not be copied into the database; nothing is lost, it grows until it can")]
    private partial void LogNotCheckpointed(Exception exception);

    [LoggerMessage(LogLevel.Critical, "The disk failed below the database; the process ends so that nothing is acknowledged that may be lost")]
    private partial void LogDiskFailed(Exception exception);
}
