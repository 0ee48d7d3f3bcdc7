using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Hosting;

/// <summary>Liveness and readiness checks.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/healthz</c> and <c>/readyz</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => TypedResults.Text("ok\n")).IsOpen().WithTags("Health").Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Whether the process serves");
        app.MapGet("/readyz", ReadyAsync).IsOpen().WithTags("Health").Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Whether its store answers");
    }

    /// <summary>Degradations are reported but do not fail the check: taking this node out of service would not fix them.</summary>
    private static async Task<IResult> ReadyAsync(Database database, LogHealth log, CancellationToken cancellationToken)
    {
        await database.PingAsync(cancellationToken);
        return TypedResults.Text("ready\n" + string.Concat(log.DescribeDegradations().Select(line => $"degraded: {line}\n")));
    }
}
