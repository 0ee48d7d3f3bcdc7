using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Which tenants and envs the embedding worker turns to, and when. Each waits once, however often it is woken. Safe for many threads.</summary>
internal sealed class EmbeddingQueue(TimeProvider time)
{
    // Short enough to be found soon by meaning, long enough for the cards of one import to share a request.
    private static readonly TimeSpan _gather = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Scope, long> _due = new();
    private readonly Dictionary<Scope, Turn> _turns = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something was written there; it may be no card. Cheap: it is called for each commit.</summary>
    public void Wake(Scope scope) => Wake(scope, isSure: false);

    /// <summary>Puts a scope in line, unless it waits already; one that pauses goes on pausing, one that is being worked on comes again.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="isSure">Whether it is known to have cards without a vector.</param>
    public void Wake(Scope scope, bool isSure)
    {
        scope = new Scope(scope.TenantId, scope.Env);
        lock (_lock)
        {
            if (_turns.TryGetValue(scope, out var turn))
            {
                turn.IsSure |= isSure;
                turn.Again = true;
                return;
            }

            _turns.Add(scope, new Turn { IsSure = isSure });
            Enqueue(scope, _gather);
        }
    }

    /// <summary>Ends the work that <see cref="NextAsync"/> began.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="isSure">Whether there is more to do.</param>
    /// <param name="pause">When it comes again; null for not before it is woken.</param>
    public void Done(Scope scope, bool isSure, TimeSpan? pause)
    {
        lock (_lock)
        {
            var turn = _turns[scope];
            if (pause is null && !turn.Again)
            {
                _turns.Remove(scope);
                return;
            }

            turn.IsSure |= isSure;
            Enqueue(scope, pause ?? _gather);
        }
    }

    /// <summary>Takes the scope that has been due longest, when there is one.</summary>
    public async ValueTask<(Scope Scope, bool IsSure)> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
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
                        var turn = _turns[scope];
                        var isSure = turn.IsSure;
                        turn.IsSure = turn.Again = false;
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
            await changed.WaitAsync(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Enqueue(Scope scope, TimeSpan pause)
    {
        _due.Enqueue(scope, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
        _changed.TrySetResult();
    }

    private sealed class Turn
    {
        public bool IsSure { get; set; }

        public bool Again { get; set; }
    }
}
