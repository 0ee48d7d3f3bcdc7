namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>
/// This node's part of one allowance. It takes shares of a row that all nodes see, and uses them up without asking; a lease under way
/// is shared by the requests that wait for it. Without a row (one process, windows that need not outlive it) all of it is here.
/// </summary>
/// <remarks>
/// The end of a leased window is reckoned from before the lease was asked for, so a share is never used when its window is over.
/// What a lease granted and its answer lost stays taken: never more than the limit pass, sometimes fewer.
/// </remarks>
internal sealed class RateLease(RateLeaseKey key, RateLeaseTerms terms, RateLeaseStore? rows, TimeProvider time)
{
    /// <summary>How long a node believes that nothing is left: others may give back.</summary>
    private static readonly TimeSpan _recheckInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _openedAt;
    private long _unused;
    private long _taken;
    private long _endsAt = long.MinValue;
    private long _fullUntil = long.MinValue;
    private long _lastUsedAt;
    private Task? _pendingLease;
    private bool _isRetired;

    /// <summary>Takes one, or says that none is left. Null: a share must be leased first, or this is no longer the one to ask.</summary>
    public RateLeaseResult? TryAcquire()
    {
        lock (_lock)
        {
            if (_isRetired)
            {
                return null;
            }

            var now = time.GetTimestamp();
            _lastUsedAt = now;
            if (now >= _endsAt && rows is null)
            {
                (_unused, _taken, _endsAt) = (terms.Limit, terms.Limit, now + ToTimestampTicks(terms.Length));
            }

            if (now < _endsAt && _unused > 0)
            {
                _unused--;
                return CreateResult(now, true);
            }

            return now < _endsAt && (rows is null || now < _fullUntil) ? CreateResult(now, false) : null;
        }
    }

    /// <summary>Says whether one is left, without taking it. Null: only the row knows.</summary>
    public RateLeaseResult? Peek()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            return now < _endsAt && (_unused > 0 || rows is null || now < _fullUntil) ? CreateResult(now, _unused > 0) : null;
        }
    }

    /// <summary>Leases a share, or waits for the lease that is under way.</summary>
    /// <exception cref="Nexus.Server.Platform.Storage.StoreUnavailableException">The store cannot be reached: nobody passes.</exception>
    public Task LeaseShareAsync()
    {
        lock (_lock)
        {
            return _isRetired || rows is null ? Task.CompletedTask : _pendingLease ??= Task.Run(FetchShareAsync);
        }
    }

    /// <summary>
    /// Whether the window is over and nobody waits: from then on it answers nobody. Otherwise, where it has not been asked for a while,
    /// what it should give back.
    /// </summary>
    /// <param name="patience">For how long it may keep what it does not use.</param>
    /// <param name="giveBack">What it no longer has, and of which window.</param>
    public bool TryRetire(TimeSpan patience, out (long OpenedAt, long Unused)? giveBack)
    {
        lock (_lock)
        {
            giveBack = null;
            var now = time.GetTimestamp();
            if (_pendingLease is not null || (now < _endsAt && (rows is null || now - _lastUsedAt < ToTimestampTicks(patience))))
            {
                return false;
            }

            if (now < _endsAt && _unused > 0)
            {
                giveBack = (_openedAt, _unused);
                _taken -= _unused;
                _unused = 0;
            }

            // One that was not asked since it was made may be about to be.
            return _isRetired = now >= _endsAt && now - _lastUsedAt >= ToTimestampTicks(patience);
        }
    }

    private async Task FetchShareAsync()
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
                _endsAt = asked + ToTimestampTicks(TimeSpan.FromMicroseconds(lease.Remaining));
                _fullUntil = lease.Granted > 0 ? long.MinValue : Math.Min(_endsAt, time.GetTimestamp() + ToTimestampTicks(_recheckInterval));
            }
        }
        finally
        {
            lock (_lock)
            {
                _pendingLease = null;
            }
        }
    }

    private RateLeaseResult CreateResult(long now, bool isTaken) => new(isTaken, Math.Max(0, terms.Limit - _taken + _unused), time.GetElapsedTime(now, _endsAt));

    private long ToTimestampTicks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
