using Nexus.Client;
using Nexus.Server.Http;
using Nexus.Server.Idempotency;
using Nexus.Server.Storage;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Events;

/// <summary>
/// <c>POST /events/batch</c>: NDJSON in, one receipt a line out, in order. A line that is refused stops no other.
/// Each 100 lines are one transaction; with an idempotency key each is kept by itself, so a repeat after a crash goes on where it ended.
/// </summary>
internal static class EventBatch
{
    /// <summary>Largest body, in bytes.</summary>
    public const long MaxBytes = 16 << 20;

    private const int MaxLines = 1000;
    private const int LinesInTransaction = 100;

    /// <summary>Records up to 1,000 events.</summary>
    public static async Task<LinesAnswer<EventReceipt>> RecordAsync(RequestContext context, NdjsonBody body, EventLog log, Mutations mutations, CancellationToken cancellation)
    {
        if (body.Lines.Count > MaxLines)
        {
            throw new ProblemException(Problem.Invalid("batch.too_long", "$", $"a batch has at most {MaxLines} lines."));
        }

        var receipts = new List<EventReceipt>(body.Lines.Count);
        foreach (var lines in body.Lines.Chunk(LinesInTransaction))
        {
            var chunk = Array.ConvertAll(lines, line => Read(context, line, log));
            try
            {
                var stored = await mutations.RunAsync(context, session => StoreAsync(session, context, chunk, log), cancellation, part: receipts.Count / LinesInTransaction);
                receipts.AddRange(stored.Value);
            }
            catch (StoreUnavailableException)
            {
                // What came before is stored and says so; the rest says that it is not.
                receipts.AddRange(Enumerable.Repeat(Refused(Problem.Unavailable), body.Lines.Count - receipts.Count));
                break;
            }
        }

        return new LinesAnswer<EventReceipt>(receipts);
    }

    private static async ValueTask<List<EventReceipt>> StoreAsync(WriteSession session, RequestContext context, (OwnEvent? Own, Problem? Problem)[] chunk, EventLog log)
    {
        var receipts = new List<EventReceipt>(chunk.Length);
        foreach (var (own, problem) in chunk)
        {
            try
            {
                receipts.Add(problem is null ? await EventEndpoints.AppendAsync(session, context, own!, log) : Refused(problem));
            }
            catch (ProblemException refusal)
            {
                // Refused by the quota or the log, before anything of the line was written.
                context.RefusedParts.Add(refusal.Problem);
                receipts.Add(Refused(refusal.Problem));
            }
        }

        return receipts;
    }

    private static (OwnEvent? Own, Problem? Problem) Read(RequestContext context, ReadOnlyMemory<byte> line, EventLog log)
    {
        using var json = StrictJson.Parse(line, out var reason);
        if (json is null)
        {
            return (null, new Problem(StatusCodes.Status400BadRequest, "json.malformed", reason ?? "The line is no JSON."));
        }

        if (!ContextResolution.Agrees(json.RootElement, context))
        {
            return (null, ContextResolution.Mismatch);
        }

        try
        {
            var own = OwnEvent.Of(JsonBody<EventRequest>.Read(json.RootElement), json.RootElement);
            return (own with { Redacted = log.Redact(context, own.Recorded) }, null);
        }
        catch (ProblemException refusal)
        {
            return (null, refusal.Problem);
        }
    }

    private static EventReceipt Refused(Problem problem) =>
        new() { Status = "refused", Error = new LineError { Status = problem.Status, Code = problem.Code, Detail = problem.Detail } };
}
