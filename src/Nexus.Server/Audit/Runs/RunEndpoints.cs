using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Runs;

/// <summary>Runs: <c>/nexus/runs</c>. Events grouped by trace.</summary>
internal static class RunEndpoints
{
    /// <summary>Types that every viewer may read anyway, so their ids reveal nothing.</summary>
    private static readonly string[] _knowledgeTypes = ["card", "pack", "raw", "raw_asset", "atom"];

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        var runs = app.MapGroup("/nexus/runs").WithTags("Runs");
        runs.MapGet("", ListAsync).RequireAction("runs_read", Role.Viewer).WithSummary("List runs, newest first");
        runs.MapGet("{run_id}", GetAsync).RequireAction("runs_read", Role.Viewer).WithSummary("Read a run with its events in order");
    }

    private static async Task<EntityResult<IReadOnlyList<ResearchRun>>> ListAsync(
        RequestContext context, PageRequest page, Database database, HttpResponse response, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            context.Scope,
            session => RunStore.ListAsync(session, page.AfterSequence ?? long.MaxValue, page.Limit + 1),
            cancellationToken);
        if (rows.Count > page.Limit)
        {
            rows.RemoveAt(page.Limit);
            response.Headers.Link = page.Next(rows[^1].FirstSeq.ToString(CultureInfo.InvariantCulture)).Link;
        }

        return EntityResult<IReadOnlyList<ResearchRun>>.Create(rows.ConvertAll(row => row.ToWire(context.Scope)));
    }

    private static async Task<Results<EntityResult<ResearchRun>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "run_id")] string runId, PageRequest page, Database database, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(context.Scope, session => RunStore.FindAsync(session, runId), cancellationToken) is not { } row)
        {
            return Problem.NotFound;
        }

        var events = await database.ReadAsync(
            context.Scope, session => StoredEventReader.ListByTraceAsync(session, runId, page.AfterSequence ?? -1, page.Limit + 1),
            cancellationToken);
        NextPage? next = null;
        if (events.Count > page.Limit)
        {
            events.RemoveAt(page.Limit);
            next = page.Next(events[^1].Seq.ToString(CultureInfo.InvariantCulture));
            response.Headers.Link = next.Link;
        }

        return EntityResult<ResearchRun>.Create(
            row.ToWire(context.Scope) with
            {
                Events = events.ConvertAll(recorded => RedactForCaller(context, recorded)),
                NextCursor = next?.Cursor,
            });
    }

    /// <summary>
    /// Returns the event as the caller may see it. Reading the audit log, other users' sessions and members is reserved for
    /// admins. For everyone else, an event of another user has no content and names only knowledge assets.
    /// </summary>
    private static DatasetEvent RedactForCaller(RequestContext context, DatasetEvent recorded)
    {
        if (context.Role >= Role.Admin || string.Equals(recorded.AgentId, context.UserId, StringComparison.Ordinal))
        {
            return recorded;
        }

        var metadata = new JsonObject();
        foreach (var name in StoredEventReader.ServerStampedFields)
        {
            metadata[name] = recorded.Metadata.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                ? JsonNode.Parse(value.GetRawText())
                : null;
        }

        if (!_knowledgeTypes.Contains((string?)metadata["asset_type"], StringComparer.Ordinal))
        {
            metadata["asset_id"] = null;
        }

        return StoredEventReader.WithoutContent(recorded) with
        {
            Metadata = JsonSerializer.SerializeToElement(metadata, WireJson.Default.JsonObject),
        };
    }
}
