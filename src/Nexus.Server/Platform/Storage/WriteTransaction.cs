using System.Data.Common;

namespace Nexus.Server.Platform.Storage;

/// <summary>One open transaction of an engine, with a savepoint that each write of the batch sets anew.</summary>
internal abstract class WriteTransaction : IAsyncDisposable
{
    /// <summary>The connection, used by nobody else until the transaction is disposed.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>The engine's transaction, for a driver that wants it named with every statement.</summary>
    public abstract DbTransaction? UnderlyingTransaction { get; }

    /// <summary>How sessions reach the engine.</summary>
    public abstract SessionKind Kind { get; }

    /// <summary>Whether an error ended the whole transaction and not one write: the connection or the disk is gone.</summary>
    public abstract bool IsFatal(Exception exception);

    /// <summary>Whether a statement failed for a reason that passes: a deadlock, a full disk, a timeout.</summary>
    public abstract bool IsTransient(Exception exception);

    /// <summary>Sets the savepoint.</summary>
    public abstract void CreateSavepoint();

    /// <summary>Keeps what was done since the savepoint.</summary>
    public abstract void ReleaseSavepoint();

    /// <summary>Undoes what was done since the savepoint.</summary>
    public abstract ValueTask RollbackToSavepointAsync();

    /// <summary>Readies the connection for the writes that follow one that failed and was undone.</summary>
    public virtual void ResetAfterFailure(Exception cause)
    {
    }

    /// <summary>Makes the batch durable.</summary>
    public abstract ValueTask CommitAsync();

    /// <summary>Runs statements, each once for each of its rows.</summary>
    public abstract ValueTask ExecuteManyAsync((string Sql, IReadOnlyList<object?[]> Rows)[] statements);

    /// <summary>Statements that wait to travel in front of the next one, so that savepoints cost no round trip.</summary>
    public virtual string TakePendingSql() => "";

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
