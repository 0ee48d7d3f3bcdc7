using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Leaves one <c>gate_chain.check</c> event for all that a gate refused of an action within 60 s, so that refusing stays cheap: a
/// refusal adds to a number, and the number is stored when its time is over, or when the service stops.
/// </summary>
internal sealed partial class RefusalEvents(Database database, EventLog log, TimeProvider time, ILogger<RefusalEvents> logger) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Refused, Tally> _open = new();

    /// <summary>Counts what a gate refused to a member. Who is no member leaves nothing in a tenant's log.</summary>
    public void Count(RequestContext? context, EndpointAction action, Problem refusal)
    {
        if (refusal.Gate is not null && context is { Role: not Role.None })
        {
            var now = time.GetUtcNow();
            Add(new Refused(context.TenantId, context.Env, action.Name, refusal.Gate, refusal.Code), 1, now, now);
        }
    }

    /// <summary>Stores the counts that began at or before a moment. Those that the store does not take stay for the next time.</summary>
    public async Task StoreAsync(DateTimeOffset began, CancellationToken cancellation)
    {
        foreach (var tenant in _open.Where(open => open.Value.First <= began).GroupBy(open => new Scope(open.Key.TenantId, open.Key.Env)))
        {
            var taken = tenant.Where(open => _open.TryRemove(open)).Select(open => (open.Key, Sum: open.Value.Close())).ToList();
            try
            {
                await database.WriteAsync(
                    tenant.Key,
                    async session =>
                    {
                        foreach (var (key, sum) in taken)
                        {
                            await log.AppendAsync(session, Callers.Operator(key.Action, tenant.Key), Event(key, sum));
                        }

                        return taken.Count;
                    },
                    cancellation);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
            {
                LogFailed(exception);
                taken.ForEach(tally => Add(tally.Key, tally.Sum.Count, tally.Sum.First, tally.Sum.Last));
            }
        }
    }

    /// <summary>Stores what is left once the requests have ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreAsync(DateTimeOffset.MaxValue, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StoreAsync(time.GetUtcNow() - _period, CancellationToken.None);
        }
    }

    private static NewEvent Event(Refused key, (long Count, DateTimeOffset First, DateTimeOffset Last) sum) => new("gate_chain.check", "gate", key.Gate)
    {
        Surface = "gates",
        Output = new JsonObject
        {
            ["allowed"] = false,
            ["gate"] = key.Gate,
            ["code"] = key.Code,
            ["count"] = sum.Count,
            ["first_at"] = Rfc3339(sum.First),
            ["last_at"] = Rfc3339(sum.Last),
        },
    };

    private static string Rfc3339(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private void Add(Refused key, long count, DateTimeOffset first, DateTimeOffset last)
    {
        // One that was just taken to be stored no longer counts: the next makes another.
        while (!_open.GetOrAdd(key, static (_, first) => new Tally(first), first).TryAdd(count, last))
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refusals were not stored as events; trying again")]
    private partial void LogFailed(Exception exception);

    private readonly record struct Refused(string TenantId, string Env, string Action, string Gate, string Code);

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
