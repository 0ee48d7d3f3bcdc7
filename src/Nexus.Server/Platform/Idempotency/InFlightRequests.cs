using System.Collections.Concurrent;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>Detects a request whose idempotency key is already in progress, here or on another node, without waiting for it.</summary>
internal sealed class InFlightRequests(Database database)
{
    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);

    /// <summary>Returns the name of the lock for the context's idempotency key.</summary>
    public static string GetLockName(RequestContext context) =>
        string.Join('\n', context.TenantId, context.Env, context.UserId, context.Idempotency!.Route, context.Idempotency.Key);

    /// <summary>Runs the route, or responds with 409 <c>idempotency.in_flight</c>.</summary>
    public async Task RunAsync(HttpContext http, RequestDelegate route)
    {
        var context = http.Features.Get<RequestContext>()!;
        var name = GetLockName(context);
        if (!_running.TryAdd(name, 0))
        {
            await StillRunning.ExecuteAsync(http);
            return;
        }

        try
        {
            var elsewhere = await database.ReadAsync(context.Scope, session => session.IsLockedAsync(name), http.RequestAborted);
            await (elsewhere ? StillRunning.ExecuteAsync(http) : route(http));
        }
        finally
        {
            _running.TryRemove(name, out _);
        }
    }

    /// <summary>The refusal of a repeat that comes before the first request has ended.</summary>
    public static Problem StillRunning { get; } =
        new(ProblemCodes.IdempotencyInFlight, "A request with this Idempotency-Key is still running. Try again in a second.")
        {
            RetryAfter = 1,
        };
}
