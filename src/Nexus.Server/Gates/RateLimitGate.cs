using System.Collections.Concurrent;
using Nexus.Server.Http;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Gates;

/// <summary>How often one tenant may do one thing in one env.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Requests in a window.</summary>
    public int Limit { get; set; } = 1000;

    /// <summary>Length of a window; it opens at its first request.</summary>
    public int WindowSeconds { get; set; } = 60;

    /// <summary>Another limit for an action.</summary>
    public IDictionary<string, int> Actions { get; set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Every mistake at once, each naming its key.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Limit < 1)
        {
            yield return "Nexus:RateLimits:Limit must be 1 or more.";
        }

        if (WindowSeconds is < 1 or > 86_400)
        {
            yield return "Nexus:RateLimits:WindowSeconds must be 1 to 86400.";
        }

        foreach (var (action, limit) in Actions)
        {
            if (limit < 1)
            {
                yield return $"Nexus:RateLimits:Actions:{action} must be 1 or more.";
            }
        }
    }
}

/// <summary>Counts requests of each tenant, env and action in windows that open at their first request. Counts on this node.</summary>
internal sealed class RateLimitGate(RateLimitOptions options, TimeProvider time) : IGate
{
    private readonly ConcurrentDictionary<(string Tenant, string Env, string Action), Window> _windows = new();

    /// <inheritdoc />
    public string Name => "rate_limit";

    /// <inheritdoc />
    public ValueTask<Problem?> CheckAsync(RequestContext context, EndpointAction action, HttpContext http)
    {
        var limit = options.Actions.TryGetValue(action.Name, out var own) ? own : options.Limit;
        // A route without a tenant has a window for each user: one must not lock out all others.
        var whose = action.WeakestRole == Role.None ? context.UserId : context.TenantId;
        var window = _windows.GetOrAdd((whose, context.Env, action.Name), static _ => new Window());
        var (used, opened) = window.Count(time, TimeSpan.FromSeconds(options.WindowSeconds));
        var left = Math.Max(0, limit - used);
        var reset = Math.Max(1, options.WindowSeconds - (int)time.GetElapsedTime(opened).TotalSeconds);
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{action.Name}\";q={limit};w={options.WindowSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{action.Name}\";r={left};t={reset}");
        return new(used <= limit
            ? null
            : new Problem(StatusCodes.Status429TooManyRequests, "rate_limit.exceeded", "This tenant has done this too often in this window.")
            {
                Gate = Name,
                Action = action.Name,
                RetryAfter = reset,
                LiftsAt = time.GetUtcNow().AddSeconds(reset),
            });
    }

    private sealed class Window
    {
        private readonly Lock _lock = new();
        private long _opened;
        private int _used;

        public (int Used, long Opened) Count(TimeProvider time, TimeSpan length)
        {
            lock (_lock)
            {
                if (_used == 0 || time.GetElapsedTime(_opened) >= length)
                {
                    (_opened, _used) = (time.GetTimestamp(), 0);
                }

                return (++_used, _opened);
            }
        }
    }
}
