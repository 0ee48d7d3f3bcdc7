namespace Nexus.Server.Platform.Storage;

/// <summary>
/// Runs the writes that waited in a lane, each in a savepoint of one transaction, and commits once.
/// The same on both engines.
/// </summary>
internal static class WriteBatch
{
    /// <summary>
    /// Runs, commits and answers every write of the batch. Throws nothing: what fails is told to the callers, after the commit too,
    /// since a refusal may rest on what another write of the batch did.
    /// </summary>
    public static async ValueTask RunAsync(
        Func<ValueTask<WriteTransaction>> begin, IReadOnlyList<QueuedWrite> writes, Func<Scope, IReadOnlyList<IBatchState>> parts, Action<string, string> onChange, Action<Scope> onCommit, Action<Exception> onFailure)
    {
        var kept = new List<QueuedWrite>(writes.Count);
        var failed = new List<(QueuedWrite Write, Exception Exception)>();
        var scopes = new Dictionary<Scope, WriteSession>();
        try
        {
            await using var transaction = await begin();
            var shared = new Dictionary<(string, string), IReadOnlyList<IBatchState>>();
            foreach (var write in writes)
            {
                if (write.IsCanceled)
                {
                    write.Cancel();
                }
                else if (await RunOneAsync(transaction, write, await SessionAsync(write.Scope)) is { } exception)
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
                foreach (var (scope, session) in scopes)
                {
                    if (shared.Remove((scope.TenantId, scope.Env), out var flushed))
                    {
                        foreach (var part in flushed)
                        {
                            await part.FlushAsync(session);
                        }
                    }
                }

                await transaction.CommitAsync();
            }

            async ValueTask<WriteSession> SessionAsync(Scope scope)
            {
                if (scopes.TryGetValue(scope, out var known))
                {
                    return known;
                }

                // Two scopes of one tenant and env (with and without other tenants' identity rows) share one log.
                var log = (scope.TenantId, scope.Env);
                var isNew = !shared.TryGetValue(log, out var own);
                own ??= shared[log] = parts(scope);
                var session = scopes[scope] = new WriteSession(transaction, scope, own);
                if (isNew)
                {
                    foreach (var part in own)
                    {
                        await part.BeginAsync(session);
                    }
                }

                return session;
            }
        }
        catch (Exception exception)
        {
            onFailure(exception);
            var unavailable = new StoreUnavailableException("The store could not commit.", exception);
            foreach (var write in writes)
            {
                write.Fail(unavailable);
            }

            return;
        }

        foreach (var (scope, session) in scopes)
        {
            foreach (var (topic, key) in session.Notifications)
            {
                onChange(topic, key);
            }

            onCommit(scope);
        }

        foreach (var (write, exception) in failed)
        {
            write.Fail(exception);
        }

        foreach (var write in kept)
        {
            write.Complete();
        }
    }

    /// <summary>Runs one write. What it throws is returned, and nothing of it is left.</summary>
    private static async ValueTask<Exception?> RunOneAsync(WriteTransaction transaction, QueuedWrite write, WriteSession session)
    {
        transaction.CreateSavepoint();
        session.CreateSavepoint();
        try
        {
            var run = write.RunAsync(session);
            if (transaction.Kind == SessionKind.Sqlite && !run.IsCompleted)
            {
                throw new InvalidOperationException("A write awaited something other than its session.");
            }

            await run;
        }
        catch (Exception exception) when (!transaction.IsFatal(exception))
        {
            await transaction.RollbackToSavepointAsync();
            transaction.ResetAfterFailure(exception);
            session.RollbackToSavepoint();
            return transaction.IsTransient(exception) ? new StoreUnavailableException("The store refused the write for now.", exception) : exception;
        }

        transaction.ReleaseSavepoint();
        return null;
    }
}
