using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>
/// Counts down what may be done in a window. Where several nodes share a store, they share the count, in leased shares; a day's is kept
/// in the store on any engine. Idle ones are dropped, and what they had leased and not used goes back.
/// </summary>
internal sealed partial class Allowances(Database database, TimeProvider time, ILogger<Allowances> logger) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<AllowanceKey, Allowance> _known = new();
    private readonly AllowanceRows _rows = new(database);
    private readonly TimeProvider _time = time;

    /// <summary>Takes one. Threads do not wait; requests wait for a lease at most.</summary>
    /// <exception cref="StoreUnavailableException">A lease is needed and the store cannot be reached.</exception>
    public ValueTask<Taken> TakeAsync(AllowanceKey key, AllowanceTerms terms, CancellationToken cancellation) =>
        Of(key, terms).TryTake() is { } taken ? new(taken) : LeaseAndTakeAsync(key, terms, cancellation);

    /// <summary>Says whether one could be taken.</summary>
    public async ValueTask<Taken> PeekAsync(AllowanceKey key, AllowanceTerms terms, CancellationToken cancellation)
    {
        if (_known.TryGetValue(key, out var known) && known.Peek() is { } state)
        {
            return state;
        }

        return IsStored(terms) && await _rows.FindAsync(key, cancellation) is { } row
            ? new Taken(row.Taken < terms.Limit, Math.Max(0, terms.Limit - row.Taken), TimeSpan.FromMicroseconds(row.Remaining))
            : new Taken(true, terms.Limit, terms.Length);
    }

    /// <summary>Gives back what this node does not use, once the requests have ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SweepAsync(TimeSpan.Zero, cancellationToken);
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
                await TryAsync(() => _rows.DropOldAsync(stoppingToken));
            }

            await Task.Delay(_pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SweepAsync(_patience, stoppingToken);
        }
    }

    private async Task SweepAsync(TimeSpan patience, CancellationToken cancellation)
    {
        foreach (var (key, allowance) in _known)
        {
            if (allowance.Retire(patience, out var giveBack))
            {
                _known.TryRemove(new(key, allowance));
            }

            if (giveBack is var (openedAt, unused) && !await TryAsync(() => _rows.GiveBackAsync(key, openedAt, unused, cancellation)))
            {
                // It stays taken until its window ends; the store will hardly take the others now.
                return;
            }
        }
    }

    private async ValueTask<Taken> LeaseAndTakeAsync(AllowanceKey key, AllowanceTerms terms, CancellationToken cancellation)
    {
        while (true)
        {
            var allowance = Of(key, terms);
            if (allowance.TryTake() is { } taken)
            {
                return taken;
            }

            await allowance.LeaseAsync().WaitAsync(cancellation);
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

    private Allowance Of(AllowanceKey key, AllowanceTerms terms) => _known.TryGetValue(key, out var known)
        ? known
        : _known.GetOrAdd(key, static (key, made) => new Allowance(key, made.terms, made.owner.IsStored(made.terms) ? made.owner._rows : null, made.owner._time), (terms, owner: this));

    private bool IsStored(AllowanceTerms terms) => terms.IsDaily || database.IsShared;

    [LoggerMessage(LogLevel.Warning, "Unused shares of limits were not given back")]
    private partial void LogFailed(Exception exception);
}
