using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// PostgreSQL: a lane for each tenant and env that writes now, at most one connection each, so that a busy tenant cannot take the pool;
/// reads have a pool of their own. Every statement runs as a role that row-level security binds.
/// </summary>
internal sealed partial class PostgresDatabase : Database
{
    private const int BatchSize = 32;

    private readonly ConcurrentDictionary<Scope, PostgresLane> _lanes = new();
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _readers;
    private readonly SemaphoreSlim _connections;
    private readonly Func<Scope, IReadOnlyList<IBatchState>> _createBatchStates;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _listener;
    private readonly string _ownerConnectionString;
    private int _running;
    private volatile bool _isClosed;

    private PostgresDatabase(NpgsqlDataSource writers, NpgsqlDataSource readers, string owner, int lanes, Func<Scope, IReadOnlyList<IBatchState>> parts, ILogger logger)
    {
        (_writers, _readers, _ownerConnectionString, _createBatchStates, _logger) = (writers, readers, owner, parts, logger);
        _connections = new SemaphoreSlim(lanes);
        _listener = Task.Run(ListenAsync);
    }

    /// <inheritdoc />
    public override string Engine => "postgres";

    /// <summary>Connects, brings the schema up to date under a lock that other nodes wait for, and puts up the walls between tenants.</summary>
    /// <exception cref="StartupException">The server is set up so that it may lose what it acknowledged, or cannot be reached.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, Func<Scope, IReadOnlyList<IBatchState>> parts, TimeProvider time, ILogger logger)
    {
        const int Lanes = 16;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Timeout = 2, CommandTimeout = 5, KeepAlive = 30, IncludeErrorDetail = false, MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, ApplicationName = "nexus",
        };
        var ofOwner = new NpgsqlConnectionStringBuilder(settings.ToString()) { Pooling = false, CommandTimeout = 600, MaxAutoPrepare = 0 }.ToString();
        try
        {
            await using var owner = new NpgsqlConnection(ofOwner);
            await owner.OpenAsync();
            await PostgresSetup.ApplyAsync(owner, time);
        }
        catch (NpgsqlException exception)
        {
            throw new StartupException(exception is PostgresException refused
                ? $"The PostgreSQL server refused: {refused.MessageText} (SQLSTATE {refused.SqlState})."
                : "The PostgreSQL server cannot be reached: " + exception.Message);
        }

        // The role belongs to the connection from its first moment, and no reset may take it away: what a session sets ends with its message or transaction.
        settings.Options = (settings.Options + " -c role=nexus_app").TrimStart();
        settings.NoResetOnClose = true;
        var readers = BuildDataSource(settings, 32);
        var writers = BuildDataSource(settings, Lanes + 1);
        await using (var connection = await readers.OpenConnectionAsync())
        {
            if (await connection.ExecuteScalarAsync<string>("select current_user::text") != "nexus_app")
            {
                throw new StartupException("The connection string's user cannot act as nexus_app. Its Options must not set a role, and it must be a member of nexus_app and nexus_system.");
            }
        }

        return new PostgresDatabase(writers, readers, ofOwner, Lanes, parts, logger);
    }

    private static NpgsqlDataSource BuildDataSource(NpgsqlConnectionStringBuilder settings, int connections)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ToString()) { ConnectionStringBuilder = { MaxPoolSize = connections } };
        // Of several hosts, the one that takes writes: a standby would answer with what was.
        return settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
            : builder.Build();
    }

    /// <inheritdoc />
    public override async ValueTask<T> ReadAsync<T>(Scope scope, Func<ReadSession, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _readers.OpenConnectionAsync(cancellationToken);
            try
            {
                return await read(new ReadSession(connection, null, scope, SessionKind.PostgresRead));
            }
            catch (NpgsqlException)
            {
                PostgresWriteTransaction.UnprepareStatements(connection);
                throw;
            }
        }
        catch (NpgsqlException exception) when (PostgresWriteTransaction.IsTransientFailure(exception))
        {
            throw new StoreUnavailableException("The store cannot be reached.", exception);
        }
    }

    /// <inheritdoc />
    public override async ValueTask<T> WriteAsync<T>(Scope scope, Func<WriteSession, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        var waiting = new QueuedWrite<T>(scope, write, cancellationToken);
        // Counted before the look at the flag, so that closing waits for a write that has passed it.
        Interlocked.Increment(ref _running);
        try
        {
            return await EnqueueAsync(scope, waiting);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <inheritdoc />
    public override bool IsShared => true;

    /// <inheritdoc />
    public override string NowMicrosSql => "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    /// <inheritdoc />
    public override ValueTask<T?> ExecuteInOwnTransactionAsync<T>(Scope scope, string sql, object args, CancellationToken cancellationToken)
        where T : default => ReadAsync(scope, session => session.FirstOrDefaultAsync<T>(sql, args), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<bool> PurgeAsync(IReadOnlyList<string> tables, bool isRepeat, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresSetup.VacuumAsync(_ownerConnectionString, tables, cancellationToken);
        }
        catch (NpgsqlException exception) when (PostgresWriteTransaction.IsTransientFailure(exception))
        {
            throw new StoreUnavailableException("The store cannot be reached.", exception);
        }
    }

    private async Task<T> EnqueueAsync<T>(Scope scope, QueuedWrite<T> waiting)
    {
        while (!_isClosed)
        {
            var lane = _lanes.GetOrAdd(scope, static _ => new PostgresLane());
            if (lane.TryEnqueue(waiting, out var isFirst))
            {
                if (isFirst)
                {
                    Interlocked.Increment(ref _running);
                    _ = RunLaneAsync(scope, lane);
                }

                return await waiting.Completion;
            }

            _lanes.TryRemove(new(scope, lane));
        }

        throw new StoreUnavailableException("The service is stopping.");
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _isClosed = true;
        while (Volatile.Read(ref _running) > 0)
        {
            await Task.Delay(10);
        }

        await _stopping.CancelAsync();
        await _listener;
        await _writers.DisposeAsync();
        await _readers.DisposeAsync();
        _stopping.Dispose();
        _connections.Dispose();
    }

    /// <summary>Runs batches while writes wait, then takes the lane away: an idle tenant costs nothing.</summary>
    private async Task RunLaneAsync(Scope scope, PostgresLane lane)
    {
        await Task.Yield();
        for (var batch = new List<QueuedWrite>(BatchSize); ; batch.Clear())
        {
            // What comes while the lane waits for a connection joins the batch.
            await _connections.WaitAsync();
            try
            {
                if (!lane.TryDequeueBatch(batch, BatchSize))
                {
                    break;
                }

                await WriteBatch.RunAsync(() => PostgresWriteTransaction.BeginAsync(_writers, scope), batch, _createBatchStates, RaiseChanged, RaiseCommitted, LogBatchFailed);
            }
            finally
            {
                _connections.Release();
            }
        }

        _lanes.TryRemove(new(scope, lane));
        Interlocked.Decrement(ref _running);
    }

    /// <summary>Hears of other nodes' configuration changes. While the connection is lost, caches live off their bounded age.</summary>
    private async Task ListenAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _writers.OpenConnectionAsync(_stopping.Token);
                connection.Notification += (_, notice) =>
                {
                    var space = notice.Payload.IndexOf(' ', StringComparison.Ordinal);
                    if (space > 0)
                    {
                        RaiseChanged(notice.Payload[..space], notice.Payload[(space + 1)..]);
                    }
                };
                await connection.ExecuteAsync("listen nexus");
                while (true)
                {
                    await connection.WaitAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                LogListenFailed(exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A batch of writes was rolled back")]
    private partial void LogBatchFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Not listening for other nodes' changes; trying again")]
    private partial void LogListenFailed(Exception exception);
}

/// <summary>A lane's transaction. Savepoints travel with the next statement, so a write costs the round trips of its own statements only.</summary>
internal sealed class PostgresWriteTransaction(NpgsqlConnection connection, NpgsqlTransaction inner) : WriteTransaction
{
    private string _pendingSql = "";
    private bool _savepointIsSet;

    // Whether all that was begun has been undone or committed; else something failed on the way.
    private bool _isCompleted;

    /// <inheritdoc />
    public override DbConnection Connection => connection;

    /// <inheritdoc />
    public override DbTransaction? UnderlyingTransaction => inner;

    /// <inheritdoc />
    public override SessionKind Kind => SessionKind.PostgresTransaction;

    /// <inheritdoc />
    public override bool IsFatal(Exception exception) => connection.FullState != System.Data.ConnectionState.Open;

    /// <summary>Opens a transaction that sees the scope and nothing else.</summary>
    public static async ValueTask<WriteTransaction> BeginAsync(NpgsqlDataSource source, Scope scope)
    {
        var connection = await source.OpenConnectionAsync();
        try
        {
            var transaction = new PostgresWriteTransaction(connection, await connection.BeginTransactionAsync());
            await connection.ExecuteAsync(
                scope.CrossTenant
                    ? "select set_config('role', 'nexus_system', true), set_config('app.tenant', @TenantId, true)"
                    : "select set_config('app.tenant', @TenantId, true)",
                new { scope.TenantId });
            return transaction;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Whether an error is the server's state and not the statement's: by its class the connection, a conflict, too little of something
    /// (a full disk), an operator, the system (an I/O error) or the server itself; or it is read-only, or a lock was waited for too long.
    /// </summary>
    public static bool IsTransientFailure(Exception exception) => exception is NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: TimeoutException or IOException or System.Net.Sockets.SocketException }
        or PostgresException { SqlState: "25006" or "55P03" or ['0', '8', ..] or ['4', '0', ..] or ['5', '3' or '7' or '8', ..] or ['X', 'X', ..] };

    /// <inheritdoc />
    public override bool IsTransient(Exception exception) => IsTransientFailure(exception);

    /// <inheritdoc />
    public override void CreateSavepoint()
    {
        (_savepointIsSet, _isCompleted) = (false, false);
        _pendingSql += "savepoint w; ";
    }

    /// <inheritdoc />
    public override void ReleaseSavepoint() => _pendingSql = _savepointIsSet ? "release savepoint w; " : "";

    /// <inheritdoc />
    public override async ValueTask RollbackToSavepointAsync()
    {
        if (_savepointIsSet)
        {
            await connection.ExecuteAsync("rollback to savepoint w", transaction: inner);
        }

        _isCompleted = true;
        _pendingSql = _savepointIsSet ? "release savepoint w; " : "";
    }

    /// <inheritdoc />
    public override void ResetAfterFailure(Exception cause)
    {
        if (cause is NpgsqlException)
        {
            UnprepareStatements(connection);
        }
    }

    /// <inheritdoc />
    public override string TakePendingSql()
    {
        var pending = _pendingSql;
        _savepointIsSet |= pending.Length > 0;
        _pendingSql = "";
        return pending;
    }

    /// <inheritdoc />
    public override async ValueTask CommitAsync()
    {
        await inner.CommitAsync();
        _isCompleted = true;
    }

    /// <inheritdoc />
    public override async ValueTask ExecuteManyAsync((string Sql, IReadOnlyList<object?[]> Rows)[] statements)
    {
        await using var batch = new NpgsqlBatch(connection, inner);
        foreach (var statement in TakePendingSql().Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        foreach (var (sql, row) in statements.SelectMany(statement => statement.Rows, (statement, row) => (statement.Sql, row)))
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in row)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        if (!_isCompleted)
        {
            UnprepareStatements(connection);
        }

        await connection.DisposeAsync();
    }

    /// <summary>
    /// Makes the driver prepare its statements anew. One that fails while it is bound for the first time (a value refused, a wait for a
    /// lock given up) stays known to the driver as prepared but without its columns, and would read nothing from then on.
    /// </summary>
    public static void UnprepareStatements(NpgsqlConnection connection)
    {
        if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
        {
            connection.UnprepareAll();
        }
    }
}
