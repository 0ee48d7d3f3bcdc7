namespace Nexus.Server.Platform.Storage;

/// <summary>Runs the writes that waited in a lane, each in a savepoint of one transaction, and commits once.</summary>
/// <param name="createBatchStates">Makes what the writes of a batch share within a tenant and env.</param>
/// <param name="onChanged">Told, after the commit, the topic and key of each <see cref="WriteSession.NotifyAsync"/>.</param>
/// <param name="onCommitted">Told, after the commit, each scope that was written.</param>
internal sealed class WriteBatchRunner(
    Func<Scope, IReadOnlyList<IBatchState>> createBatchStates, Action<string, string> onChanged, Action<Scope> onCommitted)
{
    /// <summary>
    /// Runs, commits and answers every write of the batch. Throws nothing: what fails is told to the callers, after the commit too,
    /// since a refusal may rest on what another write of the batch did.
    /// </summary>
    /// <param name="begin">Begins the transaction.</param>
    /// <param name="writes">In the order in which they run.</param>
    /// <param name="onFailed">Told what failed the whole batch, before its callers are.</param>
    public async ValueTask RunAsync(Func<ValueTask<WriteTransaction>> begin, IReadOnlyList<QueuedWrite> writes, Action<Exception> onFailed)
    {
        var kept = new List<QueuedWrite>(writes.Count);
        var failed = new List<(QueuedWrite Write, Exception Exception)>();
        IReadOnlyCollection<WriteSession> written;
        try
        {
            await using var transaction = await begin();
            var sessions = new BatchSessions(transaction, createBatchStates);
            foreach (var write in writes)
            {
                if (write.IsCanceled)
                {
                    write.Cancel();
                }
                else if (await RunOneAsync(transaction, write, await sessions.GetAsync(write.Scope)) is { } exception)
                {
                    failed.Add((write, exception));
                }
                else
                {
                    kept.Add(write);
                }
            }

            if (kept.Count > 0)
            {
                await sessions.FlushAsync();
                await transaction.CommitAsync();
            }

            written = sessions.Opened;
        }
        catch (Exception exception)
        {
            onFailed(exception);
            var unavailable = new StoreUnavailableException("The store could not commit.", exception);
            foreach (var write in writes)
            {
                write.Fail(unavailable);
            }

            return;
        }

        Announce(written);
        foreach (var (write, exception) in failed)
        {
            write.Fail(exception);
        }

        foreach (var write in kept)
        {
            write.Complete();
        }
    }

    private void Announce(IEnumerable<WriteSession> written)
    {
        foreach (var session in written)
        {
            foreach (var (topic, key) in session.Notifications)
            {
                onChanged(topic, key);
            }

            onCommitted(session.Scope);
        }
    }

    /// <summary>Runs one write. What it throws is returned, and nothing of it is left.</summary>
    private static async ValueTask<Exception?> RunOneAsync(WriteTransaction transaction, QueuedWrite write, WriteSession session)
    {
        transaction.CreateSavepoint();
        session.CreateSavepoint();
        try
        {
            await transaction.RunAsync(write, session);
        }
        catch (Exception exception) when (!transaction.IsFatal(exception))
        {
            await transaction.RollbackToSavepointAsync();
            transaction.ResetAfterFailure(exception);
            session.RollbackToSavepoint();
            return transaction.IsTransient(exception)
                ? new StoreUnavailableException("The store refused the write for now.", exception)
                : exception;
        }

        transaction.ReleaseSavepoint();
        return null;
    }
}
