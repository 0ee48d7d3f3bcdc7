using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Schedules tenants and envs for the embedding worker. Each is queued at most once. Thread-safe.</summary>
internal sealed class EmbeddingQueue(TimeProvider time)
{
    // Short enough that new cards are soon found by meaning, long enough that the cards of an import share a request.
    private static readonly TimeSpan _batchDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Scope, long> _due = new();
    private readonly Dictionary<Scope, Entry> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called after every commit, whether or not it changed a card. Must be cheap.</summary>
    public void Enqueue(Scope scope) => Enqueue(scope, isSure: false);

    /// <summary>Queues a scope unless it is already queued. A paused scope stays paused; a scope being processed is queued again.</summary>
    /// <param name="isSure">Whether the scope is known to have cards without a vector.</param>
    public void Enqueue(Scope scope, bool isSure)
    {
        scope = new Scope(scope.TenantId, scope.Env);
        lock (_lock)
        {
            if (_entries.TryGetValue(scope, out var turn))
            {
                turn.HasMissing |= isSure;
                turn.IsRequeued = true;
                return;
            }

            _entries.Add(scope, new Entry { HasMissing = isSure });
            Schedule(scope, _batchDelay);
        }
    }

    /// <summary>Completes the work on a scope returned by <see cref="DequeueAsync"/>.</summary>
    /// <param name="isSure">Whether there is more work.</param>
    /// <param name="pause">The time until the scope is due again; null to wait for the next <see cref="Enqueue(Scope)"/>.</param>
    public void Complete(Scope scope, bool isSure, TimeSpan? pause)
    {
        lock (_lock)
        {
            var turn = _entries[scope];
            if (pause is null && !turn.IsRequeued)
            {
                _entries.Remove(scope);
                return;
            }

            turn.HasMissing |= isSure;
            Schedule(scope, pause ?? _batchDelay);
        }
    }

    /// <summary>Waits for a due scope and returns the one that has been due the longest.</summary>
    public async ValueTask<(Scope Scope, bool IsSure)> DequeueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wait = Timeout.InfiniteTimeSpan;
            Task changed;
            lock (_lock)
            {
                if (_due.TryPeek(out var scope, out var due))
                {
                    wait = time.GetElapsedTime(time.GetTimestamp(), due);
                    if (wait <= TimeSpan.Zero)
                    {
                        _due.Dequeue();
                        var turn = _entries[scope];
                        var isSure = turn.HasMissing;
                        turn.HasMissing = turn.IsRequeued = false;
                        return (scope, isSure);
                    }
                }

                if (_changed.Task.IsCompleted)
                {
                    _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                changed = _changed.Task;
            }

            // Timers have millisecond resolution. A timer that fires early only causes another check.
            wait = wait == Timeout.InfiniteTimeSpan ? wait : wait + TimeSpan.FromMilliseconds(1);
            await changed.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Schedule(Scope scope, TimeSpan pause)
    {
        _due.Enqueue(scope, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
        _changed.TrySetResult();
    }

    private sealed class Entry
    {
        public bool HasMissing { get; set; }

        public bool IsRequeued { get; set; }
    }
}
