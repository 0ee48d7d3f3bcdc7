using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Ingest;

/// <summary>
/// Events recorded by callers: <c>/events</c>. They are in the same log as the service's own events and cannot be mistaken for
/// them.
/// </summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var events = app.MapGroup("/events").WithTags("Events");
        events.MapPost("", RecordAsync).RequireAction("event_write", Role.Member).WithSummary("Record an event");
        events.MapPost("batch", EventBatchEndpoint.RecordAsync).RequireAction("event_write", Role.Member)
            .WithBodyLimit(NdjsonBatchWriter.MaxBytes).WithSummary("Record up to 1,000 events, one receipt per line");
    }

    private static async Task<EntityResult<EventReceipt>> RecordAsync(
        RequestContext context, JsonBody<EventRequest> body, EventLog log, IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var own = CallerEvent.FromRequest(body.Value, body.Json);
        own = own with { Redacted = log.Redact(context, own.Event) };
        return await mutations.RunAsync(context, session => AppendAsync(session, context, own, log), cancellationToken);
    }

    /// <summary>Appends a caller's event if it fits into the tenant's quota.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public static async ValueTask<EventReceipt> AppendAsync(WriteSession session, RequestContext context, CallerEvent own, EventLog log)
    {
        await session.BatchState<UsageBatchState>().EnsureQuotaAsync(session, own.Bytes);
        var appended = await log.AppendAsync(session, context, own.Event, own.Redacted);
        return new EventReceipt
        {
            Status = "accepted",
            EventId = appended.EventId,
            Seq = appended.Seq,
            PiiFlags = appended.PiiFlags,
            TrainOk = appended.TrainOk,
        };
    }
}
