using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Ingest;

/// <summary>Callers' own events: <c>/events</c>. They stand in the same log as what the service records, and cannot pass for it.</summary>
internal static class EventEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var events = app.MapGroup("/events").WithTags("Events");
        events.MapPost("", RecordAsync).Does("event_write", Role.Member).WithSummary("Record an event of your own");
        events.MapPost("batch", EventBatch.RecordAsync).Does("event_write", Role.Member).TakesUpTo(LineBatch.MaxBytes).WithSummary("Record up to 1,000 events of your own, one receipt a line");
    }

    private static async Task<Answer<EventReceipt>> RecordAsync(RequestContext context, JsonBody<EventRequest> body, EventLog log, Mutations mutations, CancellationToken cancellation)
    {
        var own = OwnEvent.Of(body.Value, body.Sent);
        own = own with { Redacted = log.Redact(context, own.Recorded) };
        return await mutations.RunAsync(context, session => AppendAsync(session, context, own, log), cancellation);
    }

    /// <summary>Appends an own event, if the tenant's quota has room for it.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public static async ValueTask<EventReceipt> AppendAsync(WriteSession session, RequestContext context, OwnEvent own, EventLog log)
    {
        await session.Part<UsageBatch>().CheckAsync(session, own.Bytes);
        var appended = await log.AppendAsync(session, context, own.Recorded, own.Redacted);
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
