namespace Nexus.Server.Platform.Storage;

/// <summary>A write that waits in a lane.</summary>
internal abstract class QueuedWrite(Scope scope, CancellationToken cancellationToken)
{
    private protected CancellationToken Cancellation { get; } = cancellationToken;

    /// <summary>What it may touch.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>Its caller has gone. Counts only until the write has started: a shared transaction cannot be cut.</summary>
    public bool IsCanceled => Cancellation.IsCancellationRequested;

    /// <summary>Does the work and keeps its result for <see cref="Complete"/>.</summary>
    public abstract ValueTask RunAsync(WriteSession session);

    /// <summary>Answers the caller: the commit is durable.</summary>
    public abstract void Complete();

    /// <summary>Answers the caller: nothing was kept.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Answers the caller who no longer waits.</summary>
    public abstract void Cancel();
}

/// <inheritdoc cref="QueuedWrite" />
internal sealed class QueuedWrite<T>(Scope scope, Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken)
    : QueuedWrite(scope, cancellationToken)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>Completes after the commit.</summary>
    public Task<T> Completion => _done.Task;

    /// <inheritdoc />
    public override ValueTask RunAsync(WriteSession session)
    {
        var run = work(session);
        if (run.IsCompletedSuccessfully)
        {
            _result = run.Result;
            return ValueTask.CompletedTask;
        }

        return AwaitAsync(run);
    }

    /// <inheritdoc />
    public override void Complete() => _done.TrySetResult(_result!);

    /// <inheritdoc />
    public override void Fail(Exception exception) => _done.TrySetException(exception);

    /// <inheritdoc />
    public override void Cancel() => _done.TrySetCanceled(Cancellation);

    private async ValueTask AwaitAsync(ValueTask<T> run) => _result = await run;
}
