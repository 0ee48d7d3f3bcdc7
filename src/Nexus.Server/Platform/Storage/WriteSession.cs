namespace Nexus.Server.Platform.Storage;

/// <summary>Statements of one write, inside a savepoint of its batch's transaction.</summary>
internal abstract class WriteSession(Scope scope, IReadOnlyList<IBatchState> batchStates) : ReadSession(scope)
{
    private readonly List<(string Topic, string Key)> _notifications = [];
    private int _savepointNotifications;

    /// <summary>Appended to a <c>select</c> whose rows must not change before the commit.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(string sql, object? args = null);

    /// <summary>Runs statements in order, in a single round trip.</summary>
    public abstract ValueTask ExecuteManyAsync(IReadOnlyList<BatchStatement> statements);

    /// <summary>Runs a statement once for each row of values, in a single round trip. Parameters are <c>$1</c>, <c>$2</c> …</summary>
    public ValueTask ExecuteManyAsync(string sql, IReadOnlyList<object?[]> rows) => ExecuteManyAsync([new BatchStatement(sql, rows)]);

    /// <summary>Waits for a named lock and holds it until the commit. On SQLite every write has all of them.</summary>
    public abstract ValueTask LockAsync(string name);

    /// <summary>Holds a named lock until the commit, and says whether nobody else held it.</summary>
    public abstract ValueTask<bool> TryLockAsync(string name);

    /// <summary>
    /// Tells every node, after the commit, that something it caches has changed. Only rare configuration writes do: on PostgreSQL a
    /// notification serialises commits.
    /// </summary>
    /// <param name="topic">What changed, such as <c>member</c>.</param>
    /// <param name="key">The cache key to drop.</param>
    public virtual ValueTask NotifyAsync(string topic, string key)
    {
        _notifications.Add((topic, key));
        return ValueTask.CompletedTask;
    }

    /// <summary>The state that the batch's writes share within this tenant and env.</summary>
    public T BatchState<T>()
        where T : IBatchState
    {
        foreach (var state in batchStates)
        {
            if (state is T found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"No {typeof(T).Name} is registered.");
    }

    /// <summary>What this session's writes told other caches.</summary>
    internal IReadOnlyList<(string Topic, string Key)> Notifications => _notifications;

    /// <inheritdoc cref="IBatchState.CreateSavepoint" />
    internal void CreateSavepoint()
    {
        _savepointNotifications = _notifications.Count;
        foreach (var state in batchStates)
        {
            state.CreateSavepoint();
        }
    }

    /// <inheritdoc cref="IBatchState.RollbackToSavepoint" />
    internal void RollbackToSavepoint()
    {
        _notifications.RemoveRange(_savepointNotifications, _notifications.Count - _savepointNotifications);
        foreach (var state in batchStates)
        {
            state.RollbackToSavepoint();
        }
    }
}
