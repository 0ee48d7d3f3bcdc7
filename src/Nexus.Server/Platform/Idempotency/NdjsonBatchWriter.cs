using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>
/// Stores NDJSON line by line: one result a line, in order, and a line that is refused stops no other. Each 100 lines are one
/// transaction; with an idempotency key each is kept by itself, so a repeat after a crash goes on where it ended.
/// </summary>
internal static class NdjsonBatchWriter
{
    /// <summary>Largest body, in bytes.</summary>
    public const long MaxBytes = 16 << 20;

    private const int MaxLines = 1000;
    private const int LinesPerTransaction = 100;

    /// <summary>Stores up to 1,000 lines.</summary>
    /// <param name="context">For whom.</param>
    /// <param name="body">The lines.</param>
    /// <param name="mutations">Runs the writes.</param>
    /// <param name="read">Reads a line's document, before its write; refuses it by a <see cref="ProblemException"/>.</param>
    /// <param name="store">Stores what was read; refuses it by a <see cref="ProblemException"/> before anything of the line was written.</param>
    /// <param name="refused">The result of a line that was refused.</param>
    /// <param name="cancellationToken">Ends the wait before a write has started.</param>
    /// <exception cref="ProblemException">422 <c>batch.too_long</c>.</exception>
    public static async Task<NdjsonResult<TResult>> RunAsync<TLine, TResult>(
        RequestContext context, NdjsonBody body, IdempotentWriter mutations, Func<JsonElement, TLine> read, Func<WriteSession, TLine, ValueTask<TResult>> store, Func<LineError, TResult> refused,
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
                var stored = await mutations.RunAsync(context, session => StoreAsync(session, chunk), cancellationToken, part: results.Count / LinesPerTransaction);
                results.AddRange(stored.Value);
            }
            catch (StoreUnavailableException)
            {
                // What came before is stored and says so; the rest says that it is not.
                results.AddRange(Enumerable.Repeat(Refused(Problem.Unavailable), body.Lines.Count - results.Count));
                break;
            }
        }

        return new NdjsonResult<TResult>(results);

        async ValueTask<List<TResult>> StoreAsync(WriteSession session, (TLine? Line, Problem? Problem)[] chunk)
        {
            var made = new List<TResult>(chunk.Length);
            foreach (var (line, problem) in chunk)
            {
                try
                {
                    made.Add(problem is null ? await store(session, line!) : Refused(problem));
                }
                catch (ProblemException refusal)
                {
                    context.PartialRefusals.Add(refusal.Problem);
                    made.Add(Refused(refusal.Problem));
                }
            }

            return made;
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

        TResult Refused(Problem problem) => refused(new LineError { Status = problem.Status, Code = problem.Code, Detail = problem.Detail });
    }
}
