using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>
/// Counts down what may be done in a window. Where several nodes share a store, they share the count, in leased shares; a day's is kept
/// in the store on any engine. Idle ones are dropped, and what they had leased and not used goes back.
/// </summary>
internal sealed partial class RateLeases(Database database, TimeProvider time, ILogger<RateLeases> logger) : BackgroundService
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RateLeaseKey, RateLease> _leases = new();
    private readonly RateLeaseStore _store = new(database);
    private readonly TimeProvider _time = time;

    /// <summary>Takes one. Threads do not wait; requests wait for a lease at most.</summary>
    /// <exception cref="StoreUnavailableException">A lease is needed and the store cannot be reached.</exception>
    public ValueTask<RateLeaseResult> AcquireAsync(RateLeaseKey key, RateLeaseTerms terms, CancellationToken cancellationToken) =>
        GetOrCreate(key, terms).TryAcquire() is { } taken ? new(taken) : LeaseAndAcquireAsync(key, terms, cancellationToken);

    /// <summary>Says whether one could be taken.</summary>
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

    /// <summary>Gives back what this node does not use, once the requests have ended.</summary>
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
        foreach (var (key, allowance) in _leases)
        {
            if (allowance.TryRetire(patience, out var giveBack))
            {
                _leases.TryRemove(new(key, allowance));
            }

            if (giveBack is var (openedAt, unused) && !await TryAsync(() => _store.ReturnUnusedAsync(key, openedAt, unused, cancellationToken)))
            {
                // It stays taken until its window ends; the store will hardly take the others now.
                return;
            }
        }
    }

    private async ValueTask<RateLeaseResult> LeaseAndAcquireAsync(RateLeaseKey key, RateLeaseTerms terms, CancellationToken cancellationToken)
    {
        while (true)
        {
            var allowance = GetOrCreate(key, terms);
            if (allowance.TryAcquire() is { } taken)
            {
                return taken;
            }

            await allowance.LeaseShareAsync().WaitAsync(cancellationToken);
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
        : _leases.GetOrAdd(key, static (key, made) => new RateLease(key, made.terms, made.owner.IsStored(made.terms) ? made.owner._store : null, made.owner._time), (terms, owner: this));

    private bool IsStored(RateLeaseTerms terms) => terms.IsDaily || database.IsShared;

    [LoggerMessage(LogLevel.Warning, "Unused shares of limits were not given back")]
    private partial void LogFailed(Exception exception);
}
