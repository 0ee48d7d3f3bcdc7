using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Nexus.Client;
using Nexus.Server.Http;
using Nexus.Server.Idempotency;
using Nexus.Server.Storage;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Cards;

/// <summary>
/// <c>POST /nexus/cards/batch</c>: NDJSON in, one result a line out, in order. A line that is refused stops no other.
/// Each 100 lines are one transaction; with an idempotency key each is kept by itself, so a repeat after a crash goes on where it ended.
/// </summary>
internal static class CardBatch
{
    /// <summary>Largest body, in bytes.</summary>
    public const long MaxBytes = 16 << 20;

    private const int MaxLines = 1000;
    private const int LinesInTransaction = 100;

    /// <summary>Store up to 1,000 cards, one result a line</summary>
    public static async Task<LinesAnswer<CardBatchResult>> CreateAsync(RequestContext context, NdjsonBody body, CardStore cards, Mutations mutations, CancellationToken cancellation)
    {
        var lines = body.Lines;
        if (lines.Count > MaxLines)
        {
            throw new ProblemException(Problem.Invalid("batch.too_long", "$", $"a batch has at most {MaxLines} lines."));
        }

        var results = new List<CardBatchResult>(lines.Count);
        for (var first = 0; first < lines.Count; first += LinesInTransaction)
        {
            var chunk = lines.Skip(first).Take(LinesInTransaction).Select(line => Read(context, line)).ToList();
            try
            {
                var stored = await mutations.RunAsync(context, session => StoreAsync(session, context, chunk, cards), cancellation, part: first / LinesInTransaction);
                results.AddRange(stored.Value);
            }
            catch (StoreUnavailableException)
            {
                // What came before is stored and says so; the rest says that it is not.
                results.AddRange(Enumerable.Repeat(Refused(Problem.Unavailable), lines.Count - first));
                break;
            }
        }

        return new LinesAnswer<CardBatchResult>(results);
    }

    private static async ValueTask<List<CardBatchResult>> StoreAsync(WriteSession session, RequestContext context, List<(CardText? Text, Problem? Problem)> chunk, CardStore cards)
    {
        var results = new List<CardBatchResult>(chunk.Count);
        foreach (var (text, problem) in chunk)
        {
            try
            {
                results.Add(problem is null ? new CardBatchResult { Card = (await cards.CreateAsync(session, context, text!)).ToWire(session.Scope) } : Refused(problem));
            }
            catch (ProblemException refusal)
            {
                // Refused by the quota, before anything of the line was written.
                context.RefusedParts.Add(refusal.Problem);
                results.Add(Refused(refusal.Problem));
            }
        }

        return results;
    }

    private static (CardText? Text, Problem? Problem) Read(RequestContext context, ReadOnlyMemory<byte> line)
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
            return (CardEndpoints.Parse(context, JsonBody<CardBatchLine>.Read(json.RootElement).Text), null);
        }
        catch (ProblemException refusal)
        {
            return (null, refusal.Problem);
        }
    }

    private static CardBatchResult Refused(Problem problem) => new() { Error = new LineError { Status = problem.Status, Code = problem.Code, Detail = problem.Detail } };
}
