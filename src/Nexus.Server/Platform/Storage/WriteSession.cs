using Dapper;

namespace Nexus.Server.Platform.Storage;

/// <summary>Statements of one write, inside a savepoint of its batch's transaction.</summary>
internal sealed class WriteSession : ReadSession
{
    private readonly WriteTransaction _transaction;
    private readonly IReadOnlyList<IBatchPart> _parts;
    private readonly List<(string Topic, string Key)> _notices = [];
    private int _markedNotices;

    internal WriteSession(WriteTransaction transaction, Scope scope, IReadOnlyList<IBatchPart> parts)
        : base(transaction.Connection, transaction.Inner, scope, transaction.Kind)
    {
        _transaction = transaction;
        _parts = parts;
    }

    /// <summary>Appended to a <c>select</c> whose rows must not change before the commit.</summary>
    public string ForUpdate => IsSqlite ? "" : " for update";

    /// <summary>The batch's shared state of this scope.</summary>
    public T Part<T>()
        where T : IBatchPart
    {
        foreach (var part in _parts)
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
        IsSqlite ? Connection.Execute(sql, args, Transaction) : await Connection.ExecuteAsync(Prefixed(sql), args, Transaction);

    /// <summary>Runs statements, each once for each of its rows, in a single round trip. Parameters are <c>$1</c>, <c>$2</c> …</summary>
    public ValueTask ExecuteManyAsync(params (string Sql, IReadOnlyList<object?[]> Rows)[] statements) => _transaction.ExecuteManyAsync(statements);

    /// <summary>Tells every node, after the commit, that something it caches has changed. Only rare configuration writes do: on PostgreSQL a notification serialises commits.</summary>
    /// <param name="topic">What changed, such as <c>member</c>.</param>
    /// <param name="key">The cache key to drop.</param>
    public async ValueTask NotifyAsync(string topic, string key)
    {
        if (!IsSqlite)
        {
            await FirstAsync<string>("select pg_notify('nexus', @payload)::text", new { payload = $"{topic} {key}" });
        }

        _notices.Add((topic, key));
    }

    /// <summary>Waits for a named lock and holds it until the commit. On SQLite every write has all of them.</summary>
    public async ValueTask LockAsync(string name)
    {
        if (!IsSqlite)
        {
            await FirstAsync<string>("select pg_advisory_xact_lock(hashtextextended(@name, 0))::text", new { name });
        }
    }

    /// <summary>Holds a named lock until the commit, and says whether nobody else held it.</summary>
    public async ValueTask<bool> TryLockAsync(string name) =>
        IsSqlite || await FirstAsync<bool>("select pg_try_advisory_xact_lock(hashtextextended(@name, 0))", new { name });

    /// <summary>What this session's writes told other caches.</summary>
    internal IReadOnlyList<(string Topic, string Key)> Notices => _notices;

    /// <inheritdoc cref="IBatchPart.Mark" />
    internal void Mark()
    {
        _markedNotices = _notices.Count;
        foreach (var part in _parts)
        {
            part.Mark();
        }
    }

    /// <inheritdoc cref="IBatchPart.Undo" />
    internal void Undo()
    {
        _notices.RemoveRange(_markedNotices, _notices.Count - _markedNotices);
        foreach (var part in _parts)
        {
            part.Undo();
        }
    }

    private protected override string Prefixed(string sql) => _transaction.TakePending() + sql;
}
