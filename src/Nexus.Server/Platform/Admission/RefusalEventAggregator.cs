using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Records one <c>gate_chain.check</c> event for all refusals of an action by a gate within 60 s, so that refusing stays cheap. A
/// refusal increments a counter, which is stored when the period ends or the service stops.
/// </summary>
internal sealed partial class RefusalEventAggregator(
    Database database, EventLog log, TimeProvider time, ILogger<RefusalEventAggregator> logger) : BackgroundService
{
    private static readonly TimeSpan _aggregationPeriod = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<RefusalKey, Tally> _tallies = new();

    /// <summary>Counts a gate's refusal of a member. Refusals of non-members are not recorded in a tenant's log.</summary>
    public void Count(RequestContext? context, EndpointAction action, Problem refusal)
    {
        if (refusal.Gate is not null && context is { Role: not Role.None })
        {
            var now = time.GetUtcNow();
            Add(new RefusalKey(context.TenantId, context.Env, action.Name, refusal.Gate, refusal.Code), 1, now, now);
        }
    }

    /// <summary>
    /// Stores the counters that were started at or before a time. Counters that could not be stored are kept for the next call.
    /// </summary>
    public async Task FlushAsync(DateTimeOffset began, CancellationToken cancellationToken)
    {
        foreach (var tenant in _tallies.Where(open => open.Value.First <= began)
            .GroupBy(open => new Scope(open.Key.TenantId, open.Key.Env)))
        {
            var taken = tenant.Where(open => _tallies.TryRemove(open)).Select(open => (open.Key, Sum: open.Value.Close())).ToList();
            try
            {
                await database.WriteAsync(
                    tenant.Key,
                    async session =>
                    {
                        foreach (var (key, sum) in taken)
                        {
                            await log.AppendAsync(session, RequestContextFactory.ForSystem(key.Action, tenant.Key), CreateEvent(key, sum));
                        }

                        return taken.Count;
                    },
                    cancellationToken);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
            {
                LogFailed(exception);
                taken.ForEach(tally => Add(tally.Key, tally.Sum.Count, tally.Sum.First, tally.Sum.Last));
            }
        }
    }

    /// <summary>Stores the remaining counters after all requests have ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(DateTimeOffset.MaxValue, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await FlushAsync(time.GetUtcNow() - _aggregationPeriod, CancellationToken.None);
        }
    }

    private static NewEvent CreateEvent(RefusalKey key, (long Count, DateTimeOffset First, DateTimeOffset Last) sum) =>
        new("gate_chain.check", "gate", key.Gate)
        {
            Surface = "gates",
            Output = new JsonObject
            {
                ["allowed"] = false,
                ["gate"] = key.Gate,
                ["code"] = key.Code,
                ["count"] = sum.Count,
                ["first_at"] = ToRfc3339(sum.First),
                ["last_at"] = ToRfc3339(sum.Last),
            },
        };

    private static string ToRfc3339(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private void Add(RefusalKey key, long count, DateTimeOffset first, DateTimeOffset last)
    {
        // A counter that is being stored rejects the increment; the loop then creates a new one.
        while (!_tallies.GetOrAdd(key, static (_, first) => new Tally(first), first).TryAdd(count, last))
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refusals were not stored as events; trying again")]
    private partial void LogFailed(Exception exception);

    private readonly record struct RefusalKey(string TenantId, string Env, string Action, string Gate, string Code);

    private sealed class Tally(DateTimeOffset first)
    {
        private readonly Lock _lock = new();
        private long _count;
        private DateTimeOffset _last;
        private bool _isClosed;

        public DateTimeOffset First => first;

        public bool TryAdd(long count, DateTimeOffset last)
        {
            lock (_lock)
            {
                (_count, _last) = _isClosed ? (_count, _last) : (_count + count, last > _last ? last : _last);
                return !_isClosed;
            }
        }

        public (long Count, DateTimeOffset First, DateTimeOffset Last) Close()
        {
            lock (_lock)
            {
                _isClosed = true;
                return (_count, first, _last);
            }
        }
    }
}
