using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// PostgreSQL: a pool for the lanes that write and one for reads. Every statement runs as a role that row-level security binds.
/// </summary>
internal sealed partial class PostgresDatabase : Database
{
    private const int MaxLanes = 16;
    private const int MaxReaders = 32;

    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _readers;
    private readonly string _ownerConnectionString;
    private readonly PostgresLanes _lanes;
    private readonly PostgresListener _listener;
    private readonly ILogger _logger;

    private PostgresDatabase(
        NpgsqlDataSource writers,
        NpgsqlDataSource readers,
        string ownerConnectionString,
        Func<Scope, IReadOnlyList<IBatchState>> createBatchStates,
        ILogger logger)
    {
        (_writers, _readers, _ownerConnectionString, _logger) = (writers, readers, ownerConnectionString, logger);
        var batches = new WriteBatchRunner(createBatchStates, RaiseChanged, RaiseCommitted);
        _lanes = new PostgresLanes(writers, MaxLanes, batches, LogBatchFailed);
        _listener = new PostgresListener(writers, RaiseChanged, logger);
    }

    /// <inheritdoc />
    public override bool IsShared => true;

    /// <inheritdoc />
    public override string NowMicrosSql => "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    /// <summary>Connects, and brings schema and row-level security up to date under a lock that other nodes wait for.</summary>
    /// <exception cref="StartupException">The server is set up so that it may lose what it acknowledged, or cannot be reached.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        string connectionString,
        IReadOnlyList<TableDeclaration> tables,
        Func<Scope, IReadOnlyList<IBatchState>> createBatchStates,
        TimeProvider time,
        ILogger logger)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Timeout = 2,
            CommandTimeout = 5,
            KeepAlive = 30,
            IncludeErrorDetail = false,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            ApplicationName = "nexus",
        };
        var ofOwner = new NpgsqlConnectionStringBuilder(settings.ToString()) { Pooling = false, CommandTimeout = 600, MaxAutoPrepare = 0 };
        await SetUpAsync(ofOwner.ToString(), tables, time);

        // The role belongs to the connection from its first moment, and no reset may take it away: what a session sets ends with its
        // message or transaction.
        settings.Options = (settings.Options + " -c role=nexus_app").TrimStart();
        settings.NoResetOnClose = true;
        var readers = BuildDataSource(settings, MaxReaders);
        var writers = BuildDataSource(settings, MaxLanes + 1);
        await using (var connection = await readers.OpenConnectionAsync())
        {
            if (await connection.ExecuteScalarAsync<string>("select current_user::text") != "nexus_app")
            {
                throw new StartupException(
                    "The connection string's user cannot act as nexus_app. Its Options must not set a role, and it must be a member of "
                    + "nexus_app and nexus_system.");
            }
        }

        return new PostgresDatabase(writers, readers, ofOwner.ToString(), createBatchStates, logger);
    }

    /// <inheritdoc />
    public override async ValueTask<T> ReadAsync<T>(Scope scope, Func<ReadSession, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _readers.OpenConnectionAsync(cancellationToken);
            try
            {
                return await read(new PostgresReadSession(connection, scope));
            }
            catch (NpgsqlException)
            {
                PostgresErrors.UnprepareStatements(connection);
                throw;
            }
        }
        catch (NpgsqlException exception) when (PostgresErrors.IsTransient(exception))
        {
            throw new StoreUnavailableException("The store cannot be reached.", exception);
        }
    }

    /// <inheritdoc />
    public override ValueTask<T> WriteAsync<T>(Scope scope, Func<WriteSession, ValueTask<T>> write, CancellationToken cancellationToken) =>
        _lanes.WriteAsync(new QueuedWrite<T>(scope, write, cancellationToken));

    /// <summary>A message with one statement is a transaction.</summary>
    public override ValueTask<T?> ExecuteInOwnTransactionAsync<T>(Scope scope, string sql, object args, CancellationToken cancellationToken)
        where T : default => ReadAsync(scope, session => session.FirstOrDefaultAsync<T>(sql, args), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<bool> PurgeAsync(IReadOnlyList<string> tables, bool isRepeat, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresVacuum.RunAsync(_ownerConnectionString, tables, cancellationToken);
        }
        catch (NpgsqlException exception) when (PostgresErrors.IsTransient(exception))
        {
            throw new StoreUnavailableException("The store cannot be reached.", exception);
        }
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _lanes.DisposeAsync();
        await _listener.DisposeAsync();
        await _writers.DisposeAsync();
        await _readers.DisposeAsync();
    }

    private static async Task SetUpAsync(string ownerConnectionString, IReadOnlyList<TableDeclaration> tables, TimeProvider time)
    {
        try
        {
            await using var owner = new NpgsqlConnection(ownerConnectionString);
            await owner.OpenAsync();
            await PostgresSetup.ApplyAsync(owner, tables, time);
        }
        catch (NpgsqlException exception)
        {
            throw new StartupException(exception is PostgresException refused
                ? $"The PostgreSQL server refused: {refused.MessageText} (SQLSTATE {refused.SqlState})."
                : "The PostgreSQL server cannot be reached: " + exception.Message);
        }
    }

    private static NpgsqlDataSource BuildDataSource(NpgsqlConnectionStringBuilder settings, int maxConnections)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ToString()) { ConnectionStringBuilder = { MaxPoolSize = maxConnections } };
        // Of several hosts, the one that takes writes: a standby would answer with what was.
        return settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
            : builder.Build();
    }

    [LoggerMessage(LogLevel.Error, "A batch of writes was rolled back")]
    private partial void LogBatchFailed(Exception exception);
}
