using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>Limits the requests per tenant, env and action, across all nodes. A window opens with its first request.</summary>
internal sealed class RateLimitGate(RateLimitOptions options, RateLeases leases, TimeProvider time) : IGate
{
    /// <inheritdoc />
    public string Name => "rate_limit";

    /// <inheritdoc />
    public async ValueTask<Problem?> CheckAsync(
        RequestContext context, EndpointAction action, HttpContext? request, CancellationToken cancellationToken)
    {
        // Routes without a tenant have a window per user, so that one user cannot lock out the others.
        var key = new RateLeaseKey(context.TenantId, context.Env, action.Name, action.MinimumRole == Role.None ? context.UserId : "");
        var terms = new RateLeaseTerms(options.GetLimit(context.TenantId, action.Name), TimeSpan.FromSeconds(options.WindowSeconds));
        var taken = request is null
            ? await leases.PeekAsync(key, terms, cancellationToken)
            : await leases.AcquireAsync(key, terms, cancellationToken);
        var reset = Math.Clamp((int)Math.Ceiling(taken.ResetAfter.TotalSeconds), 1, options.WindowSeconds);
        if (request is not null)
        {
            var headers = request.Response.Headers;
            headers["RateLimit-Policy"] = string.Create(
                CultureInfo.InvariantCulture,
                $"\"{action.Name}\";q={terms.Limit};w={options.WindowSeconds}");
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{action.Name}\";r={taken.Remaining};t={reset}");
        }

        return taken.IsAcquired
            ? null
            : new Problem(
                ProblemCodes.RateLimitExceeded,
                $"Rate limit exceeded for the action {action.Name}. Try again after the time in Retry-After.")
            {
                Gate = Name,
                Action = action.Name,
                RetryAfter = reset,
                LiftsAt = time.GetUtcNow().AddSeconds(reset),
            };
    }
}
