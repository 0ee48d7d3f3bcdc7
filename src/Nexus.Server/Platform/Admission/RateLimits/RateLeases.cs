using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>
/// Limits requests per window. Nodes that share a store share the count through leased shares; daily counts are stored on every
/// engine. Idle leases are dropped and their unused units returned.
/// </summary>
internal sealed partial class RateLeases(Database database, TimeProvider time, ILogger<RateLeases> logger) : BackgroundService
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RateLeaseKey, RateLease> _leases = new();
    private readonly RateLeaseStore _store = new(database);
    private readonly TimeProvider _time = time;

    /// <summary>Takes a unit. Does not block; at most it awaits a lease.</summary>
    /// <exception cref="StoreUnavailableException">A share must be leased and the store is not available.</exception>
    public ValueTask<RateLeaseResult> AcquireAsync(RateLeaseKey key, RateLeaseTerms terms, CancellationToken cancellationToken) =>
        GetOrCreate(key, terms).TryAcquire() is { } taken ? new(taken) : LeaseAndAcquireAsync(key, terms, cancellationToken);

    /// <summary>Returns whether a unit could be taken.</summary>
    public async ValueTask<RateLeaseResult> PeekAsync(RateLeaseKey key, RateLeaseTerms terms, CancellationToken cancellationToken)
    {
        if (_leases.TryGetValue(key, out var known) && known.Peek() is { } state)
        {
            return state;
        }

        return IsStored(terms) && await _store.FindAsync(key, cancellationToken) is { } row
            ? new RateLeaseResult(row.Taken < terms.Limit, Math.Max(0, terms.Limit - row.Taken), TimeSpan.FromMicroseconds(row.Remaining))
            : new RateLeaseResult(true, terms.Limit, terms.Length);
    }

    /// <summary>Returns this node's unused units after all requests have ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReleaseIdleAsync(TimeSpan.Zero, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var dropped = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (dropped == long.MinValue || _time.GetElapsedTime(dropped) > TimeSpan.FromHours(1))
            {
                dropped = _time.GetTimestamp();
                await TryAsync(() => _store.DeleteExpiredAsync(stoppingToken));
            }

            await Task.Delay(_sweepInterval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReleaseIdleAsync(_idleTimeout, stoppingToken);
        }
    }

    private async Task ReleaseIdleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        foreach (var (key, lease) in _leases)
        {
            if (lease.TryRetire(patience, out var giveBack))
            {
                _leases.TryRemove(new(key, lease));
            }

            if (giveBack is var (openedAt, unused)
                && !await TryAsync(() => _store.ReturnUnusedAsync(key, openedAt, unused, cancellationToken)))
            {
                // The units stay taken until the window ends. The store is unlikely to accept the others now.
                return;
            }
        }
    }

    private async ValueTask<RateLeaseResult> LeaseAndAcquireAsync(
        RateLeaseKey key, RateLeaseTerms terms, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lease = GetOrCreate(key, terms);
            if (lease.TryAcquire() is { } taken)
            {
                return taken;
            }

            await lease.LeaseShareAsync().WaitAsync(cancellationToken);
        }
    }

    private async ValueTask<bool> TryAsync(Func<ValueTask> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            LogFailed(exception);
            return false;
        }
    }

    private RateLease GetOrCreate(RateLeaseKey key, RateLeaseTerms terms) => _leases.TryGetValue(key, out var known)
        ? known
        : _leases.GetOrAdd(
            key,
            static (key, made) =>
                new RateLease(key, made.terms, made.owner.IsStored(made.terms) ? made.owner._store : null, made.owner._time),
            (terms, owner: this));

    private bool IsStored(RateLeaseTerms terms) => terms.IsDaily || database.IsShared;

    [LoggerMessage(LogLevel.Warning, "Unused shares of limits were not given back")]
    private partial void LogFailed(Exception exception);
}
