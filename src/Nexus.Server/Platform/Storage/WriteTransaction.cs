namespace Nexus.Server.Platform.Storage;

/// <summary>One open transaction of an engine, with a savepoint that each write of the batch sets anew.</summary>
internal abstract class WriteTransaction : IAsyncDisposable
{
    /// <summary>Opens a session of the transaction.</summary>
    /// <param name="scope">What it may see and write.</param>
    /// <param name="batchStates">What its writes share with the others of the batch.</param>
    public abstract WriteSession CreateSession(Scope scope, IReadOnlyList<IBatchState> batchStates);

    /// <summary>Runs one write. Savepoints are the caller's.</summary>
    public virtual ValueTask RunAsync(QueuedWrite write, WriteSession session) => write.RunAsync(session);

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

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
