using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>SQLite: one lane with the only connection that writes and checkpoints, readers from a pool.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly PreparedConnection _writer;
    private readonly SqliteWriteLane _lane;

    private SqliteDatabase(
        string path,
        FileStream fileLock,
        PreparedConnection writer,
        Func<Scope, IReadOnlyList<IBatchState>> createBatchStates,
        ILoggerFactory logs)
    {
        (_path, _lock, _writer) = (path, fileLock, writer);
        var logger = logs.CreateLogger<SqliteDatabase>();
        var batches = new WriteBatchRunner(createBatchStates, RaiseChanged, RaiseCommitted);
        _lane = new SqliteWriteLane(writer, batches, new DiskGuard(logs, logger), logger);
    }

    /// <inheritdoc />
    public override bool IsShared => false;

    /// <inheritdoc />
    public override string NowMicrosSql => "cast(unixepoch('subsec') * 1000000 as integer)";

    /// <summary>Opens the database of a data folder, made at need, and brings its schema up to date.</summary>
    /// <exception cref="StartupException">Another process has the folder open, or it cannot be read and written.</exception>
    public static async Task<SqliteDatabase> OpenAsync(
        string folder, Func<Scope, IReadOnlyList<IBatchState>> createBatchStates, TimeProvider time, ILoggerFactory logs)
    {
        SQLitePCL.Batteries_V2.Init();
        var fileLock = DataFolderLock.Acquire(folder);
        PreparedConnection? writer = null;
        try
        {
            var path = Path.Combine(folder, DatabaseFile.Name);
            writer = DatabaseFile.OpenWriter(path);
            WalCheckpointer.RunAtStartup(writer);
            await Migrator.ApplyAsync(writer, "sqlite", sql => sql, time);
            return new SqliteDatabase(path, fileLock, writer, createBatchStates, logs);
        }
        catch (Exception exception)
        {
            writer?.Dispose();
            await fileLock.DisposeAsync();
            if (exception is SqliteException)
            {
                throw new StartupException(
                    $"The database in the data folder '{folder}' cannot be opened or brought up to date: {exception.Message}");
            }

            throw;
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
                reader = DatabaseFile.OpenReader(_path);
            }

            var result = await read(new SqliteReadSession(reader, scope));
            _readers.Add(reader);
            reader = null;
            return result;
        }
        catch (SqliteException exception) when (!SqliteErrors.IsStatementFault(exception))
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
    public override ValueTask<T> WriteAsync<T>(Scope scope, Func<WriteSession, ValueTask<T>> write, CancellationToken cancellationToken) =>
        _lane.WriteAsync(new QueuedWrite<T>(scope, write, cancellationToken));

    /// <summary>The lane is the only way to write; the service's own scope keeps the statement from opening a tenant's log.</summary>
    public override ValueTask<T?> ExecuteInOwnTransactionAsync<T>(Scope scope, string sql, object args, CancellationToken cancellationToken)
        where T : default => WriteAsync(Scope.System, session => session.FirstOrDefaultAsync<T>(sql, args), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<bool> PurgeAsync(IReadOnlyList<string> tables, bool isRepeat, CancellationToken cancellationToken) =>
        _lane.PurgeAsync(isRepeat);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _lane.DisposeAsync();
        foreach (var reader in _readers)
        {
            await reader.DisposeAsync();
        }

        // The last to close: SQLite then copies the journal into the database, which a connection that only reads cannot.
        await _writer.DisposeAsync();
        await _lock.DisposeAsync();
    }
}
