namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>
/// This node's part of one allowance. It takes shares of a row that all nodes see, and uses them up without asking; a lease under way
/// is shared by the requests that wait for it. Without a row (one process, windows that need not outlive it) all of it is here.
/// </summary>
/// <remarks>
/// The end of a leased window is reckoned from before the lease was asked for, so a share is never used when its window is over.
/// What a lease granted and its answer lost stays taken: never more than the limit pass, sometimes fewer.
/// </remarks>
internal sealed class Allowance(AllowanceKey key, AllowanceTerms terms, AllowanceRows? rows, TimeProvider time)
{
    /// <summary>How long a node believes that nothing is left: others may give back.</summary>
    private static readonly TimeSpan _askAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _openedAt;
    private long _unused;
    private long _taken;
    private long _ends = long.MinValue;
    private long _fullUntil = long.MinValue;
    private long _lastUse;
    private Task? _lease;
    private bool _isDropped;

    /// <summary>Takes one, or says that none is left. Null: a share must be leased first, or this is no longer the one to ask.</summary>
    public Taken? TryTake()
    {
        lock (_lock)
        {
            if (_isDropped)
            {
                return null;
            }

            var now = time.GetTimestamp();
            _lastUse = now;
            if (now >= _ends && rows is null)
            {
                (_unused, _taken, _ends) = (terms.Limit, terms.Limit, now + Timestamps(terms.Length));
            }

            if (now < _ends && _unused > 0)
            {
                _unused--;
                return State(now, true);
            }

            return now < _ends && (rows is null || now < _fullUntil) ? State(now, false) : null;
        }
    }

    /// <summary>Says whether one is left, without taking it. Null: only the row knows.</summary>
    public Taken? Peek()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            return now < _ends && (_unused > 0 || rows is null || now < _fullUntil) ? State(now, _unused > 0) : null;
        }
    }

    /// <summary>Leases a share, or waits for the lease that is under way.</summary>
    /// <exception cref="Nexus.Server.Platform.Storage.StoreUnavailableException">The store cannot be reached: nobody passes.</exception>
    public Task LeaseAsync()
    {
        lock (_lock)
        {
            return _isDropped || rows is null ? Task.CompletedTask : _lease ??= Task.Run(RunLeaseAsync);
        }
    }

    /// <summary>
    /// Whether the window is over and nobody waits: from then on it answers nobody. Otherwise, where it has not been asked for a while,
    /// what it should give back.
    /// </summary>
    /// <param name="patience">For how long it may keep what it does not use.</param>
    /// <param name="giveBack">What it no longer has, and of which window.</param>
    public bool Retire(TimeSpan patience, out (long OpenedAt, long Unused)? giveBack)
    {
        lock (_lock)
        {
            giveBack = null;
            var now = time.GetTimestamp();
            if (_lease is not null || (now < _ends && (rows is null || now - _lastUse < Timestamps(patience))))
            {
                return false;
            }

            if (now < _ends && _unused > 0)
            {
                giveBack = (_openedAt, _unused);
                _taken -= _unused;
                _unused = 0;
            }

            // One that was not asked since it was made may be about to be.
            return _isDropped = now >= _ends && now - _lastUse >= Timestamps(patience);
        }
    }

    private async Task RunLeaseAsync()
    {
        try
        {
            var asked = time.GetTimestamp();
            var lease = await rows!.LeaseAsync(key, terms);
            lock (_lock)
            {
                if (lease.OpenedAt != _openedAt)
                {
                    (_openedAt, _unused) = (lease.OpenedAt, 0);
                }

                _unused += lease.Granted;
                _taken = lease.Taken;
                _ends = asked + Timestamps(TimeSpan.FromMicroseconds(lease.Remaining));
                _fullUntil = lease.Granted > 0 ? long.MinValue : Math.Min(_ends, time.GetTimestamp() + Timestamps(_askAgain));
            }
        }
        finally
        {
            lock (_lock)
            {
                _lease = null;
            }
        }
    }

    private Taken State(long now, bool isTaken) => new(isTaken, Math.Max(0, terms.Limit - _taken + _unused), time.GetElapsedTime(now, _ends));

    private long Timestamps(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
