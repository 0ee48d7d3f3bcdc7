using System.Text.Json;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>
/// Runs a route's write. Where the caller sent an idempotency key, the answer is stored in the write's own transaction,
/// so that a repeat finds either both or neither.
/// </summary>
internal sealed class Mutations(Database database, TimeProvider time)
{
    /// <summary>Runs a write that answers a record.</summary>
    /// <param name="context">For whom.</param>
    /// <param name="work">The write. What it throws rolls it back.</param>
    /// <param name="cancellation">Ends the wait before the write has started.</param>
    /// <param name="etag">The record's version, where it has one.</param>
    /// <param name="isSecret">Whether an answer holds a secret: it is not kept, and a repeat is 409 <c>idempotency.secret</c>.</param>
    /// <param name="part">Tells apart the writes of a request that makes several.</param>
    public async ValueTask<Answer<T>> RunAsync<T>(
        RequestContext context, Func<WriteSession, ValueTask<T>> work, CancellationToken cancellation, Func<T, string>? etag = null, Func<T, bool>? isSecret = null, int part = 0)
    {
        if (context.Idempotency is not { } key)
        {
            var made = await database.WriteAsync(context.Scope, work, cancellation);
            return Answer<T>.Of(made, etag?.Invoke(made));
        }

        return await database.WriteAsync(
            context.Scope,
            async session =>
            {
                if (await FindAsync(session, context, key, part) is { } kept)
                {
                    return Answer<T>.Kept(kept.Body!, kept.Etag);
                }

                var value = await work(session);
                var version = etag?.Invoke(value);
                await KeepAsync(session, context, key, part, isSecret?.Invoke(value) == true ? null : JsonSerializer.Serialize(value, StrictJson.TypeInfo<T>()), version);
                return Answer<T>.Of(value, version);
            },
            cancellation);
    }

    /// <summary>Runs a write that answers 204.</summary>
    public async ValueTask<IResult> RunAsync(RequestContext context, Func<WriteSession, ValueTask> work, CancellationToken cancellation)
    {
        await database.WriteAsync(
            context.Scope,
            async session =>
            {
                if (context.Idempotency is { } key)
                {
                    if (await FindAsync(session, context, key, 0) is not null)
                    {
                        return false;
                    }

                    await work(session);
                    await KeepAsync(session, context, key, 0, "", null);
                    return true;
                }

                await work(session);
                return true;
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// The first answer to a repeat, for a route with checks before its write that the first run itself made fail. It reads
    /// only: <see cref="RunAsync{T}"/> looks again. Null: this is no repeat.
    /// </summary>
    /// <exception cref="ProblemException">422 for another payload, 409 where the answer was a secret.</exception>
    public async ValueTask<Answer<T>?> RepeatAsync<T>(RequestContext context, CancellationToken cancellation) =>
        await KeptAsync(context, cancellation) is { } kept ? Answer<T>.Kept(kept.Body!, kept.Etag) : null;

    /// <summary>As <see cref="RepeatAsync{T}"/>, for a write that answers 204.</summary>
    /// <exception cref="ProblemException">422 for another payload.</exception>
    public async ValueTask<IResult?> RepeatAsync(RequestContext context, CancellationToken cancellation) =>
        await KeptAsync(context, cancellation) is null ? null : TypedResults.NoContent();

    private async ValueTask<KeptAnswer?> KeptAsync(RequestContext context, CancellationToken cancellation) =>
        context.Idempotency is { } key ? await database.ReadAsync(context.Scope, session => ReadAsync(session, context, key, 0), cancellation) : null;

    private async ValueTask<KeptAnswer?> FindAsync(WriteSession session, RequestContext context, IdempotencyKey key, int part)
    {
        if (!await session.TryLockAsync(InFlight.Name(context)))
        {
            throw new ProblemException(new Problem(StatusCodes.Status409Conflict, "idempotency.in_flight", "A request with this idempotency key is still running.") { RetryAfter = 1 });
        }

        return await ReadAsync(session, context, key, part);
    }

    private async ValueTask<KeptAnswer?> ReadAsync(ReadSession session, RequestContext context, IdempotencyKey key, int part)
    {
        var kept = await session.FirstAsync<KeptAnswer>(
            "select fingerprint, body, etag from kept_answers where tenant_id = @TenantId and env = @Env and caller = @UserId and route = @Route and key = @part and created_at >= @after",
            new { context.TenantId, context.Env, context.UserId, key.Route, part = Part(key, part), after = Times.ToMicros(time.GetUtcNow() - KeptAnswers.Lifetime) });
        if (kept is null)
        {
            return null;
        }

        if (!kept.Fingerprint.AsSpan().SequenceEqual(key.Fingerprint))
        {
            throw new ProblemException(new Problem(StatusCodes.Status422UnprocessableEntity, "idempotency.mismatch", "This idempotency key was used with another payload."));
        }

        return kept.Body is not null
            ? kept
            : throw new ProblemException(new Problem(StatusCodes.Status409Conflict, "idempotency.secret", "The first answer held a secret and was not kept. The request is done; what it made can be listed or made anew."));
    }

    private async ValueTask KeepAsync(WriteSession session, RequestContext context, IdempotencyKey key, int part, string? body, string? etag)
    {
        await session.ExecuteAsync(
            """
            insert into kept_answers (tenant_id, env, caller, route, key, fingerprint, body, etag, created_at)
            values (@TenantId, @Env, @UserId, @Route, @part, @Fingerprint, @body, @etag, @now)
            on conflict (tenant_id, env, caller, route, key) do update
            set fingerprint = excluded.fingerprint, body = excluded.body, etag = excluded.etag, created_at = excluded.created_at
            """,
            new { context.TenantId, context.Env, context.UserId, key.Route, part = Part(key, part), key.Fingerprint, body, etag, now = time.Micros() });
    }

    private static string Part(IdempotencyKey key, int part) => part == 0 ? key.Key : string.Create(CultureInfo.InvariantCulture, $"{key.Key} {part}");

    private sealed class KeptAnswer
    {
        public byte[] Fingerprint { get; init; } = [];

        public string? Body { get; init; }

        public string? Etag { get; init; }
    }
}
