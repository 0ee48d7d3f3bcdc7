using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Hosting;

/// <summary>Liveness and readiness checks.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds the checks behind <c>/readyz</c>.</summary>
    public static void AddNexusHealthChecks(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store").AddCheck<TransparencyLogHealthCheck>("transparency_log");

    /// <summary>
    /// Maps the routes. They are ordinary routes and not <c>MapHealthChecks</c>, so that they stand in the OpenAPI document.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => TypedResults.Text("ok\n")).AllowAnonymous().WithTags("Health")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Liveness: whether the process serves requests");
        app.MapGet("/readyz", ReadyAsync).AllowAnonymous().WithTags("Health")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Readiness: whether the store answers");
    }

    /// <summary>Degradations are reported but do not fail the check: taking this node out of service would not fix them.</summary>
    private static async Task<Results<ContentHttpResult, Problem>> ReadyAsync(
        HealthCheckService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        return report.Status == HealthStatus.Unhealthy
            ? Problem.Unavailable
            : TypedResults.Text("ready\n" + string.Concat(report.Entries.Values.Select(entry => entry.Description)));
    }

    /// <summary>Unhealthy where the store does not answer.</summary>
    private sealed class StoreHealthCheck(Database database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await database.PingAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (StoreUnavailableException exception)
            {
                return HealthCheckResult.Unhealthy(exception: exception);
            }
        }
    }

    /// <summary>
    /// Degraded where logs cannot be signed or checkpoints are not delivered; the description has a line for each reason.
    /// </summary>
    private sealed class TransparencyLogHealthCheck(LogHealth log) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var lines = string.Concat(log.DescribeDegradations().Select(line => $"degraded: {line}\n"));
            return Task.FromResult(lines.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(lines));
        }
    }
}
