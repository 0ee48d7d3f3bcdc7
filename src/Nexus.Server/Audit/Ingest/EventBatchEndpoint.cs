using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Ingest;

/// <summary><c>POST /events/batch</c>: reads NDJSON and returns one receipt per line.</summary>
internal static class EventBatchEndpoint
{
    /// <summary>Records up to 1,000 events.</summary>
    public static Task<NdjsonResult<EventReceipt>> RecordAsync(
        RequestContext context, NdjsonBody body, EventLog log, IdempotentWriter mutations, CancellationToken cancellationToken) =>
        NdjsonBatchWriter.RunAsync(
            context,
            body,
            mutations,
            line =>
            {
                var own = CallerEvent.FromRequest(JsonBody<EventRequest>.Read(line), line);
                return own with { Redacted = log.Redact(context, own.Event) };
            },
            (session, own) => EventEndpoints.AppendAsync(session, context, own, log),
            error => new EventReceipt { Status = "refused", Error = error },
            cancellationToken);
}
