using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Which tenants and envs the embedding worker turns to, and when. Each waits once, however often it is woken. Safe for many threads.</summary>
internal sealed class EmbeddingQueue(TimeProvider time)
{
    // Short enough to be found soon by meaning, long enough for the cards of one import to share a request.
    private static readonly TimeSpan _batchDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Scope, long> _due = new();
    private readonly Dictionary<Scope, Entry> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something was written there; it may be no card. Cheap: it is called for each commit.</summary>
    public void Enqueue(Scope scope) => Enqueue(scope, isSure: false);

    /// <summary>Puts a scope in line, unless it waits already; one that pauses goes on pausing, one that is being worked on comes again.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="isSure">Whether it is known to have cards without a vector.</param>
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

    /// <summary>Ends the work that <see cref="DequeueAsync"/> began.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="isSure">Whether there is more to do.</param>
    /// <param name="pause">When it comes again; null for not before it is woken.</param>
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

    /// <summary>Takes the scope that has been due longest, when there is one.</summary>
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

            // Timers count milliseconds, and one that goes off early only looks again.
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
