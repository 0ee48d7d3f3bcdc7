using Dapper;

namespace Nexus.Server.Platform.Storage;

/// <summary>Statements of one write, inside a savepoint of its batch's transaction.</summary>
internal sealed class WriteSession : ReadSession
{
    private readonly WriteTransaction _transaction;
    private readonly IReadOnlyList<IBatchState> _batchStates;
    private readonly List<(string Topic, string Key)> _notifications = [];
    private int _savepointNotifications;

    internal WriteSession(WriteTransaction transaction, Scope scope, IReadOnlyList<IBatchState> parts)
        : base(transaction.Connection, transaction.UnderlyingTransaction, scope, transaction.Kind)
    {
        _transaction = transaction;
        _batchStates = parts;
    }

    /// <summary>Appended to a <c>select</c> whose rows must not change before the commit.</summary>
    public string ForUpdate => IsSqlite ? "" : " for update";

    /// <summary>The batch's shared state of this scope.</summary>
    public T BatchState<T>()
        where T : IBatchState
    {
        foreach (var part in _batchStates)
        {
            if (part is T found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"No {typeof(T).Name} is registered.");
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public async ValueTask<int> ExecuteAsync(string sql, object? args = null) =>
        IsSqlite ? Connection.Execute(sql, args, Transaction) : await Connection.ExecuteAsync(WithPendingSql(sql), args, Transaction);

    /// <summary>Runs statements, each once for each of its rows, in a single round trip. Parameters are <c>$1</c>, <c>$2</c> …</summary>
    public ValueTask ExecuteManyAsync(params (string Sql, IReadOnlyList<object?[]> Rows)[] statements) => _transaction.ExecuteManyAsync(statements);

    /// <summary>Tells every node, after the commit, that something it caches has changed. Only rare configuration writes do: on PostgreSQL a notification serialises commits.</summary>
    /// <param name="topic">What changed, such as <c>member</c>.</param>
    /// <param name="key">The cache key to drop.</param>
    public async ValueTask NotifyAsync(string topic, string key)
    {
        if (!IsSqlite)
        {
            await FirstOrDefaultAsync<string>("select pg_notify('nexus', @payload)::text", new { payload = $"{topic} {key}" });
        }

        _notifications.Add((topic, key));
    }

    /// <summary>Waits for a named lock and holds it until the commit. On SQLite every write has all of them.</summary>
    public async ValueTask LockAsync(string name)
    {
        if (!IsSqlite)
        {
            await FirstOrDefaultAsync<string>("select pg_advisory_xact_lock(hashtextextended(@name, 0))::text", new { name });
        }
    }

    /// <summary>Holds a named lock until the commit, and says whether nobody else held it.</summary>
    public async ValueTask<bool> TryLockAsync(string name) =>
        IsSqlite || await FirstOrDefaultAsync<bool>("select pg_try_advisory_xact_lock(hashtextextended(@name, 0))", new { name });

    /// <summary>What this session's writes told other caches.</summary>
    internal IReadOnlyList<(string Topic, string Key)> Notifications => _notifications;

    /// <inheritdoc cref="IBatchState.CreateSavepoint" />
    internal void CreateSavepoint()
    {
        _savepointNotifications = _notifications.Count;
        foreach (var part in _batchStates)
        {
            part.CreateSavepoint();
        }
    }

    /// <inheritdoc cref="IBatchState.RollbackToSavepoint" />
    internal void RollbackToSavepoint()
    {
        _notifications.RemoveRange(_savepointNotifications, _notifications.Count - _savepointNotifications);
        foreach (var part in _batchStates)
        {
            part.RollbackToSavepoint();
        }
    }

    private protected override string WithPendingSql(string sql) => _transaction.TakePendingSql() + sql;
}
