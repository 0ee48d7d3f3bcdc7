using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Hosting;

/// <summary>Whether the process lives and whether it can work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/healthz</c> and <c>/readyz</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => TypedResults.Text("ok\n")).IsOpen().WithTags("Health").Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Whether the process serves");
        app.MapGet("/readyz", ReadyAsync).IsOpen().WithTags("Health").Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Whether its store answers");
    }

    /// <summary>What is degraded is said and does not fail: without this node nothing would get better.</summary>
    private static async Task<IResult> ReadyAsync(Database database, LogHealth log, CancellationToken cancellationToken)
    {
        await database.PingAsync(cancellationToken);
        return TypedResults.Text("ready\n" + string.Concat(log.DescribeDegradations().Select(line => $"degraded: {line}\n")));
    }
}
