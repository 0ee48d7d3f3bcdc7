using System.Collections.Concurrent;
using Nexus.Server.Http;
using Nexus.Server.Storage;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Gates;

/// <summary>What one tenant may use of the service.</summary>
internal sealed class QuotaOptions
{
    /// <summary>Bytes stored, of all envs, events included.</summary>
    public long StorageBytes { get; set; } = 10_000_000_000;

    /// <summary>Requests a UTC day.</summary>
    public long DailyRequests { get; set; } = 1_000_000;

    /// <summary>Every mistake at once, each naming its key.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (StorageBytes < 1)
        {
            yield return "Nexus:Quotas:StorageBytes must be 1 or more.";
        }

        if (DailyRequests < 1)
        {
            yield return "Nexus:Quotas:DailyRequests must be 1 or more.";
        }
    }
}

/// <summary>
/// Counts a tenant's requests of the day, on this node. Bytes are not counted here but in the write that adds them
/// (<see cref="UsageBatch"/>), where two at once see each other.
/// </summary>
internal sealed class QuotaGate(QuotaOptions options, TimeProvider time) : IGate
{
    private readonly ConcurrentDictionary<string, Day> _days = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public string Name => "quota";

    /// <summary>The refusal of a quota that is used up.</summary>
    public static Problem Exceeded(string quota, long limit, DateTimeOffset? liftsAt) =>
        new(StatusCodes.Status403Forbidden, "quota.exceeded", string.Create(CultureInfo.InvariantCulture, $"The tenant has used its {quota} of {limit}."))
        {
            Gate = "quota",
            Action = quota,
            LiftsAt = liftsAt,
            LiftedBy = liftsAt is null ? "Deleting what is no longer needed, or a larger quota from the operator" : null,
        };

    /// <inheritdoc />
    public ValueTask<Problem?> CheckAsync(RequestContext context, EndpointAction action, HttpContext http)
    {
        if (action.WeakestRole == Role.None)
        {
            return default;
        }

        var today = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay;
        return new(_days.GetOrAdd(context.TenantId, static _ => new Day()).Count(today) <= options.DailyRequests
            ? null
            : Exceeded("daily_requests", options.DailyRequests, new DateTimeOffset((today + 1) * TimeSpan.TicksPerDay, TimeSpan.Zero)) with { Action = action.Name });
    }

    private sealed class Day
    {
        private readonly Lock _lock = new();
        private long _day;
        private long _requests;

        public long Count(long today)
        {
            lock (_lock)
            {
                if (_day != today)
                {
                    (_day, _requests) = (today, 0);
                }

                return ++_requests;
            }
        }
    }
}
