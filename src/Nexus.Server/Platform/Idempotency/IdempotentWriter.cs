using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>
/// Runs the write of a route. If the caller sent an idempotency key, the response is stored in the same transaction, so that a
/// retry finds either both or neither.
/// </summary>
internal sealed class IdempotentWriter(Database database, TimeProvider time)
{
    /// <summary>Runs a write that returns a record.</summary>
    /// <param name="work">The write. An exception rolls it back.</param>
    /// <param name="etag">Returns the record's entity tag; null if it has none.</param>
    /// <param name="isSecret">
    /// Returns whether the response contains a secret. Such a response is not stored, and a retry gets 409
    /// <c>idempotency.secret</c>.
    /// </param>
    /// <param name="part">Distinguishes the writes of a request that makes several.</param>
    public async ValueTask<EntityResult<T>> RunAsync<T>(
        RequestContext context, Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken, Func<T, string>? etag = null,
        Func<T, bool>? isSecret = null, int part = 0)
    {
        if (context.Idempotency is not { } key)
        {
            var made = await database.WriteAsync(context.Scope, work, cancellationToken);
            return EntityResult<T>.Create(made, etag?.Invoke(made));
        }

        return await database.WriteAsync(
            context.Scope,
            async session =>
            {
                if (await LockAndReadAsync(session, context, key, part) is { } kept)
                {
                    return EntityResult<T>.Replay(kept.Body!, kept.Etag);
                }

                var value = await work(session);
                var version = etag?.Invoke(value);
                await StoreAsync(
                    session,
                    context,
                    key,
                    part,
                    isSecret?.Invoke(value) == true ? null : JsonSerializer.Serialize(value, StrictJson.TypeInfo<T>()),
                    version);
                return EntityResult<T>.Create(value, version);
            },
            cancellationToken);
    }

    /// <summary>Runs a write that responds with 204.</summary>
    public async ValueTask<NoContent> RunAsync(
        RequestContext context, Func<WriteSession, ValueTask> work, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            context.Scope,
            async session =>
            {
                if (context.Idempotency is { } key)
                {
                    if (await LockAndReadAsync(session, context, key, 0) is not null)
                    {
                        return false;
                    }

                    await work(session);
                    await StoreAsync(session, context, key, 0, "", null);
                    return true;
                }

                await work(session);
                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// Returns the stored response if the request is a retry; otherwise null. For routes that make checks before the write which
    /// the first run itself would cause to fail. Only reads; <see cref="RunAsync{T}"/> checks again.
    /// </summary>
    /// <exception cref="ProblemException">422 if the payload differs, 409 if the response was a secret.</exception>
    public async ValueTask<EntityResult<T>?> FindReplayAsync<T>(RequestContext context, CancellationToken cancellationToken) =>
        await FindStoredAsync(context, cancellationToken) is { } kept ? EntityResult<T>.Replay(kept.Body!, kept.Etag) : null;

    /// <summary>As <see cref="FindReplayAsync{T}"/>, for a write that answers 204.</summary>
    /// <exception cref="ProblemException">422 for another payload.</exception>
    public async ValueTask<NoContent?> FindReplayAsync(RequestContext context, CancellationToken cancellationToken) =>
        await FindStoredAsync(context, cancellationToken) is null ? null : TypedResults.NoContent();

    private async ValueTask<StoredResponse?> FindStoredAsync(RequestContext context, CancellationToken cancellationToken) =>
        context.Idempotency is { } key
            ? await database.ReadAsync(context.Scope, session => ReadAsync(session, context, key, 0), cancellationToken)
            : null;

    private async ValueTask<StoredResponse?> LockAndReadAsync(WriteSession session, RequestContext context, IdempotencyKey key, int part)
    {
        if (!await session.TryLockAsync(InFlightRequests.GetLockName(context)))
        {
            throw new ProblemException(InFlightRequests.StillRunning);
        }

        return await ReadAsync(session, context, key, part);
    }

    private async ValueTask<StoredResponse?> ReadAsync(ReadSession session, RequestContext context, IdempotencyKey key, int part)
    {
        var kept = await session.FirstOrDefaultAsync<StoredResponse>(
            """
            select fingerprint, body, etag from kept_answers where tenant_id = @TenantId and env = @Env and caller = @UserId
              and route = @Route and key = @part and created_at >= @after
            """,
            new
            {
                context.TenantId, context.Env, context.UserId, key.Route, part = GetPartKey(
                key,
                part), after = Timestamps.ToMicros(time.GetUtcNow() - IdempotencyCleanup.Retention)
            });
        if (kept is null)
        {
            return null;
        }

        if (!kept.Fingerprint.AsSpan().SequenceEqual(key.Fingerprint))
        {
            throw new ProblemException(
                new Problem(
                    ProblemCodes.IdempotencyMismatch,
                    "This Idempotency-Key was already used with another payload. Use a new key for a new request."));
        }

        return kept.Body is not null
            ? kept
            : throw new ProblemException(
                new Problem(
                    ProblemCodes.IdempotencySecret,
                    "The first answer contained a secret and was not kept. The request succeeded; list what it created, or create "
                    + "another."));
    }

    private async ValueTask StoreAsync(
        WriteSession session, RequestContext context, IdempotencyKey key, int part, string? body, string? etag)
    {
        await session.ExecuteAsync(
            """
            insert into kept_answers (tenant_id, env, caller, route, key, fingerprint, body, etag, created_at)
            values (@TenantId, @Env, @UserId, @Route, @part, @Fingerprint, @body, @etag, @now)
            on conflict (tenant_id, env, caller, route, key) do update
            set fingerprint = excluded.fingerprint, body = excluded.body, etag = excluded.etag, created_at = excluded.created_at
            """,
            new
            {
                context.TenantId, context.Env, context.UserId, key.Route, part = GetPartKey(
                key,
                part), key.Fingerprint, body, etag, now = time.GetUtcNowMicros()
            });
    }

    private static string GetPartKey(IdempotencyKey key, int part) =>
        part == 0 ? key.Key : string.Create(CultureInfo.InvariantCulture, $"{key.Key} {part}");

    private sealed class StoredResponse
    {
        public byte[] Fingerprint { get; init; } = [];

        public string? Body { get; init; }

        public string? Etag { get; init; }
    }
}
