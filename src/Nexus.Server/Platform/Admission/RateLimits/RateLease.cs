namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>
/// This node's part of a rate limit or daily quota. It leases shares from a row that all nodes use, and consumes them locally.
/// Requests that need a share wait for the same lease. Without a row (a single process, and windows that need not survive a
/// restart) the whole limit is local.
/// </summary>
/// <remarks>
/// The end of a leased window is calculated from before the lease was requested, so a share is never used after its window. If
/// the response to a lease is lost, its share stays taken: never more requests than the limit are admitted, sometimes fewer.
/// </remarks>
internal sealed class RateLease(RateLeaseKey key, RateLeaseTerms terms, RateLeaseStore? rows, TimeProvider time)
{
    /// <summary>How long a node assumes that nothing is left. Other nodes may return unused shares.</summary>
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

    /// <summary>
    /// Takes one unit, or returns that none is left. Returns null if a share must be leased first, or if this instance is
    /// retired.
    /// </summary>
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

    /// <summary>Returns whether a unit is left, without taking it. Null if only the row knows.</summary>
    public RateLeaseResult? Peek()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            return now < _endsAt && (_unused > 0 || rows is null || now < _fullUntil) ? CreateResult(now, _unused > 0) : null;
        }
    }

    /// <summary>Leases a share, or waits for the lease in progress.</summary>
    /// <exception cref="Nexus.Server.Platform.Storage.StoreUnavailableException">
    /// The store is not available. The request must be refused.
    /// </exception>
    public Task LeaseShareAsync()
    {
        lock (_lock)
        {
            return _isRetired || rows is null ? Task.CompletedTask : _pendingLease ??= Task.Run(FetchShareAsync);
        }
    }

    /// <summary>
    /// Retires the instance if its window is over and nobody waits for a lease; it then serves no more requests. If the window is
    /// open but the instance was idle, returns the unused units.
    /// </summary>
    /// <param name="patience">How long it may keep units it does not use.</param>
    /// <param name="giveBack">The units to return and the window they belong to; null if there are none.</param>
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

            // An instance that was never used may be about to be.
            return _isRetired = now >= _endsAt && now - _lastUsedAt >= ToTimestampTicks(patience);
        }
    }

    private async Task FetchShareAsync()
    {
        try
        {
            var requestedAt = time.GetTimestamp();
            var lease = await rows!.LeaseAsync(key, terms);
            lock (_lock)
            {
                if (lease.OpenedAt != _openedAt)
                {
                    (_openedAt, _unused) = (lease.OpenedAt, 0);
                }

                _unused += lease.Granted;
                _taken = lease.Taken;
                _endsAt = requestedAt + ToTimestampTicks(TimeSpan.FromMicroseconds(lease.Remaining));
                _fullUntil = lease.Granted > 0
                    ? long.MinValue
                    : Math.Min(_endsAt, time.GetTimestamp() + ToTimestampTicks(_recheckInterval));
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

    private RateLeaseResult CreateResult(long now, bool isTaken) =>
        new(isTaken, Math.Max(0, terms.Limit - _taken + _unused), time.GetElapsedTime(now, _endsAt));

    private long ToTimestampTicks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
