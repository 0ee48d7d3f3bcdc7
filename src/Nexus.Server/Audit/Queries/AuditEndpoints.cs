using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Queries;

/// <summary>Reads the log: <c>/audit</c>. Nothing here changes or removes an event.</summary>
internal static class AuditEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapAuditQueries(this IEndpointRouteBuilder app)
    {
        var audit = app.MapGroup("/audit/events").WithTags("Audit");
        audit.MapGet("", ListAsync).RequireAction("audit_read", Role.Admin).WithSummary("List events, newest first");
        audit.MapGet("stream", StreamAsync).RequireAction("audit_read", Role.Admin)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .WithSummary("Follow the log: server-sent events whose id is seq, and a ping every 15 s");
        audit.MapGet("{event_id}", GetAsync).RequireAction("audit_read", Role.Admin).WithSummary("Read an event");
        app.MapGet("/audit/export", ExportAsync)
            .RequireAction("audit_export", Role.Admin)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
            .WithTags("Audit")
            .WithSummary("Export the log, oldest first: as NDJSON that can be verified offline, or as CSV");
    }

    private static Task<Results<EmptyHttpResult, Problem>> StreamAsync(
        HttpContext http, RequestContext context, EventStream stream, [FromHeader(Name = "Last-Event-ID")] string? lastEventId = null) =>
        stream.RunAsync(http, context, lastEventId);

    private static Task<Results<EmptyHttpResult, Problem>> ExportAsync(
        HttpContext http, RequestContext context, EventExport export, string format = "ndjson", DateTimeOffset? from = null,
        DateTimeOffset? to = null) =>
        export.RunAsync(http, context, format, from, to);

    private static async Task<PageResult<DatasetEvent>> ListAsync(
        RequestContext context, PageRequest page, Database database, EventLog log, CancellationToken cancellationToken,
        DateTimeOffset? from = null, DateTimeOffset? to = null, string? actor = null, string? action = null,
        [FromQuery(Name = "event_type")] string? eventType = null, [FromQuery(Name = "asset_id")] string? assetId = null,
        [FromQuery(Name = "trace_id")] string? traceId = null, string? surface = null)
    {
        var filter = new EventQuery
        {
            From = from is { } start ? Timestamps.ToMicros(start) : null,
            To = to is { } end ? Timestamps.ToMicros(end) : null,
            Actor = actor, Action = action, EventType = eventType, AssetId = assetId, TraceId = traceId, Surface = surface,
        };
        if (page.IsFirst)
        {
            // Reading the log is itself recorded, once per query and before the response, so that no page is read unrecorded.
            await database.WriteAsync(
                context.Scope,
                session => log.AppendAsync(session, context, new NewEvent("audit_read", "audit") { Input = DescribeQuery(filter) }),
                cancellationToken);
        }

        var events = await database.ReadAsync(
            context.Scope,
            session => StoredEventReader.ListAsync(session, filter, page.AfterSequence ?? long.MaxValue, page.Limit + 1),
            cancellationToken);
        return page.ToResult(events, last => last.Seq.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<Results<Ok<DatasetEvent>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "event_id")] string eventId, Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => StoredEventReader.FindAsync(session, eventId), cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : Problem.NotFound;

    private static string? Format(long? micros) => micros is { } at ? Timestamps.ToRfc3339(Timestamps.FromMicros(at)) : null;

    private static JsonObject DescribeQuery(EventQuery filter)
    {
        var input = new JsonObject();
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonNode?)>)
            [("from", Format(filter.From)), (
                "to",
                Format(filter.To)), ("actor", filter.Actor), ("action", filter.Action), ("event_type", filter.EventType),
                ("asset_id", filter.AssetId), ("trace_id", filter.TraceId), ("surface", filter.Surface)])
        {
            if (value is not null)
            {
                input[name] = value;
            }
        }

        return input;
    }
}
