using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>
/// Stores NDJSON line by line and returns one result per line, in order. A rejected line does not affect the others. Every 100
/// lines are one transaction. With an idempotency key the result of each transaction is stored separately, so that a retry after
/// a crash continues where it stopped.
/// </summary>
internal static class NdjsonBatchWriter
{
    /// <summary>The maximum size of the body in bytes.</summary>
    public const long MaxBytes = 16 << 20;

    private const int MaxLines = 1000;
    private const int LinesPerTransaction = 100;

    /// <summary>Stores up to 1,000 lines.</summary>
    /// <param name="read">Reads a line before its transaction. Rejects it with a <see cref="ProblemException"/>.</param>
    /// <param name="store">
    /// Stores what was read. Rejects it with a <see cref="ProblemException"/> before anything of the line was written.
    /// </param>
    /// <param name="refused">Creates the result of a rejected line.</param>
    /// <exception cref="ProblemException">422 <c>batch.too_long</c>.</exception>
    public static async Task<NdjsonResult<TResult>> RunAsync<TLine, TResult>(
        RequestContext context, NdjsonBody body, IdempotentWriter mutations, Func<JsonElement, TLine> read,
        Func<WriteSession, TLine, ValueTask<TResult>> store, Func<LineError, TResult> refused,
        CancellationToken cancellationToken)
    {
        if (body.Lines.Count > MaxLines)
        {
            throw new ProblemException(
                Problem.Invalid(ProblemCodes.BatchTooLong, "$", $"must have at most {MaxLines} lines. Split the batch."));
        }

        var results = new List<TResult>(body.Lines.Count);
        foreach (var lines in body.Lines.Chunk(LinesPerTransaction))
        {
            var chunk = Array.ConvertAll(lines, Read);
            try
            {
                var stored = await mutations.RunAsync(
                    context,
                    session => StoreAsync(session, chunk),
                    cancellationToken,
                    part: results.Count / LinesPerTransaction);
                results.AddRange(stored.Value);
            }
            catch (StoreUnavailableException)
            {
                // Earlier lines are stored and reported as such; the remaining ones are reported as not stored.
                results.AddRange(Enumerable.Repeat(Refused(Problem.Unavailable), body.Lines.Count - results.Count));
                break;
            }
        }

        return new NdjsonResult<TResult>(results);

        async ValueTask<List<TResult>> StoreAsync(WriteSession session, (TLine? Line, Problem? Problem)[] chunk)
        {
            var lineResults = new List<TResult>(chunk.Length);
            foreach (var (line, problem) in chunk)
            {
                try
                {
                    lineResults.Add(problem is null ? await store(session, line!) : Refused(problem));
                }
                catch (ProblemException refusal)
                {
                    context.PartialRefusals.Add(refusal.Problem);
                    lineResults.Add(Refused(refusal.Problem));
                }
            }

            return lineResults;
        }

        (TLine? Line, Problem? Problem) Read(ReadOnlyMemory<byte> line)
        {
            using var json = StrictJson.Parse(line, out var reason);
            if (json is null)
            {
                return (default, new Problem(ProblemCodes.JsonMalformed, reason ?? "The line is not JSON."));
            }

            if (!ContextResolver.IsConsistent(json.RootElement, context))
            {
                return (default, ContextResolver.Mismatch);
            }

            try
            {
                return (read(json.RootElement), null);
            }
            catch (ProblemException refusal)
            {
                return (default, refusal.Problem);
            }
        }

        TResult Refused(Problem problem) =>
            refused(new LineError { Status = problem.Status, Code = problem.Code, Detail = problem.Detail });
    }
}
