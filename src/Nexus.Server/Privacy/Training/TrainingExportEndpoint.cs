using Microsoft.AspNetCore.Mvc;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Training;

/// <summary>Exports data for training: <c>/privacy/training-export</c>.</summary>
internal static class TrainingExportEndpoint
{
    public static void MapTrainingExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/privacy/training-export", ExportAsync)
            .RequireAction("training_export", Role.Admin)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
            .WithTags("Privacy")
            .WithSummary(
                "Export what may be trained on, oldest first, as events or as chats; the last line says what was left out and why");

    private static Task ExportAsync(
        HttpContext http, RequestContext context, TrainingExport export, string shape = "events", DateTimeOffset? from = null,
        DateTimeOffset? to = null, string? surface = null, [FromQuery(Name = "event_type")] string? eventType = null, long after = -1,
        bool proofs = false) =>
        export.RunAsync(http, context, new TrainingExportQuery(shape, from, to, surface, eventType, after, proofs));
}
