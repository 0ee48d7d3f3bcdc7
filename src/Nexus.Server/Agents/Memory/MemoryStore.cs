using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Agents.Memory;

/// <summary>Stores sessions and their turns. Events record the role and the length, never the text.</summary>
internal sealed class MemoryStore(EventLog log)
{
    /// <summary>
    /// The approximate maximum number of bytes of content in a page, so that a hundred long turns do not fill the memory.
    /// </summary>
    private const long MaxListed = 4 << 20;

    /// <summary>Adds a turn to the end of a session and records <c>memory_turn_created</c>. A new session belongs to the caller.</summary>
    /// <exception cref="ProblemException">409 <c>memory.session_taken</c>; 403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<SessionTurn> AddAsync(WriteSession session, RequestContext context, NewTurn turn)
    {
        // The transaction holds the log's lock, so no other turn gets this position.
        var found = await FindRowAsync(session, turn.SessionId);
        if (found is not null && !IsVisible(context, found))
        {
            throw new ProblemException(new Problem(ProblemCodes.MemorySessionTaken, "This session id is taken. Choose another one."));
        }

        await session.BatchState<UsageBatchState>().AddAsync(session, turn.Bytes);
        var position = found?.Turns ?? 0;
        var turnId = Id.New();
        var recorded = await log.AppendAsync(session, context, new NewEvent("memory_turn_created", "session", turn.SessionId)
        {
            SubjectId = turn.SubjectId,
            Input = new JsonObject { ["role"] = turn.Role, ["content_bytes"] = turn.ContentBytes },
            Output = new JsonObject { ["turn_id"] = turnId, ["position"] = position },
        });
        var saidAt = turn.SaidAt ?? recorded.RecordedAt;
        await session.ExecuteAsync(
            """
            insert into memory_sessions (tenant_id, env, session_id, user_id, turns, bytes, created_at, updated_at, seq)
            values (@TenantId, @Env, @SessionId, @UserId, 1, @Bytes, @RecordedAt, @RecordedAt, @Seq)
            on conflict (tenant_id, env, session_id) do update
            set turns = memory_sessions.turns + 1, bytes = memory_sessions.bytes + excluded.bytes, updated_at = excluded.updated_at,
              seq = excluded.seq
            """,
            new { context.TenantId, context.Env, turn.SessionId, context.UserId, turn.Bytes, recorded.RecordedAt, recorded.Seq });
        await session.ExecuteAsync(
            """
            insert into memory_turns (tenant_id, env, session_id, position, turn_id, role, content, content_bytes, metadata, subject_id,
              said_at, created_at, created_by, seq)
            values (@TenantId, @Env, @SessionId, @position, @turnId, @Role, @Content, @ContentBytes, @Metadata, @SubjectId, @saidAt,
              @RecordedAt, @UserId, @Seq)
            """,
            new
            {
                context.TenantId, context.Env, turn.SessionId, position, turnId, turn.Role, turn.Content,
                ContentBytes = (long)turn.ContentBytes, turn.Metadata, turn.SubjectId, saidAt,
                recorded.RecordedAt, context.UserId, recorded.Seq,
            });
        return new TurnRow { TurnId = turnId, Role = turn.Role, Content = turn.Content, Metadata = turn.Metadata, SaidAt = saidAt }.ToWire(
            turn.SessionId);
    }

    /// <summary>Deletes a session and all its turns, and records <c>memory_session_deleted</c>.</summary>
    /// <exception cref="ProblemException">404, also for another user's session.</exception>
    public async ValueTask DeleteAsync(WriteSession session, RequestContext context, string sessionId)
    {
        if (await FindAsync(session, context, sessionId) is not { } found)
        {
            throw new ProblemException(Problem.NotFound);
        }

        await session.BatchState<UsageBatchState>().AddAsync(session, -found.Bytes);
        await log.AppendAsync(
            session,
            context,
            new NewEvent("memory_session_deleted", "session", sessionId) { Output = new JsonObject { ["turns"] = found.Turns } });
        var key = new { context.TenantId, context.Env, sessionId };
        await session.ExecuteAsync("delete from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @sessionId", key);
        await session.ExecuteAsync(
            "delete from memory_sessions where tenant_id = @TenantId and env = @Env and session_id = @sessionId",
            key);
    }

    /// <summary>Returns a session visible to the caller: their own, or any session for an admin. Null otherwise.</summary>
    public static async ValueTask<SessionRow?> FindAsync(ReadSession session, RequestContext context, string sessionId) =>
        await FindRowAsync(session, sessionId) is { } found && IsVisible(context, found) ? found : null;

    /// <summary>Returns a page of turns in order, forwards from a position or backwards from it.</summary>
    /// <param name="sessionId">A session that is visible to the caller.</param>
    /// <param name="backwards">True if the page ends before <paramref name="from"/>; false if it starts after it.</param>
    /// <param name="from">The position where the previous page ended; null for the first page.</param>
    /// <param name="limit">The maximum number of turns. A page of long turns has fewer, but at least one.</param>
    /// <returns>The turns, and whether this is the last page in this direction.</returns>
    public static async ValueTask<(List<TurnRow> Turns, bool IsLast)> ListTurnsAsync(
        ReadSession session, string sessionId, bool backwards, long? from, int limit)
    {
        var (where, order) = backwards ? ("position < @start", "desc") : ("position > @start", "asc");
        var sizes = await session.QueryAsync<(long Position, long Bytes)>(
            $"""
            select position, content_bytes from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @sessionId
              and {where} order by position {order} limit @most
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, sessionId, start = from
                ?? (backwards ? long.MaxValue : -1), most = limit + 1
            });
        var taken = 0;
        for (long bytes = 0; taken < Math.Min(sizes.Count, limit) && (taken == 0 || bytes + sizes[taken].Bytes <= MaxListed); taken++)
        {
            bytes += sizes[taken].Bytes;
        }

        if (taken == 0)
        {
            return ([], true);
        }

        var (first, last) = backwards ? (sizes[taken - 1].Position, sizes[0].Position) : (sizes[0].Position, sizes[taken - 1].Position);
        var turns = await session.QueryAsync<TurnRow>(
            """
            select position, turn_id as TurnId, role, content, metadata, said_at as SaidAt
            from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @sessionId and position >= @first
              and position <= @last order by position
            """,
            new { session.Scope.TenantId, session.Scope.Env, sessionId, first, last });
        return (turns, taken == sizes.Count);
    }

    private static ValueTask<SessionRow?> FindRowAsync(ReadSession session, string sessionId) =>
        session.FirstOrDefaultAsync<SessionRow>(
            """
            select user_id as UserId, turns, bytes, created_at as CreatedAt, updated_at as UpdatedAt from memory_sessions
              where tenant_id = @TenantId and env = @Env and session_id = @sessionId
            """,
            new { session.Scope.TenantId, session.Scope.Env, sessionId });

    private static bool IsVisible(RequestContext context, SessionRow found) =>
        context.Role >= Role.Admin || string.Equals(found.UserId, context.UserId, StringComparison.Ordinal);
}

/// <summary>A stored session.</summary>
internal sealed class SessionRow
{
    /// <summary>The user the session belongs to.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The number of turns ever added, which is also the next turn's position.</summary>
    public long Turns { get; init; }

    /// <summary>The bytes counted against the quota.</summary>
    public long Bytes { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix microseconds.</summary>
    public long UpdatedAt { get; init; }
}

/// <summary>A stored turn.</summary>
internal sealed class TurnRow
{
    /// <summary>The position in the session, from 0.</summary>
    public long Position { get; init; }

    /// <summary>UUIDv7.</summary>
    public string TurnId { get; init; } = "";

    /// <summary><c>user</c>, <c>agent</c> or <c>system</c>.</summary>
    public string Role { get; init; } = "";

    public string Content { get; init; } = "";

    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "";

    /// <summary>Unix microseconds.</summary>
    public long SaidAt { get; init; }

    public SessionTurn ToWire(string sessionId) => new()
    {
        TurnId = TurnId,
        SessionId = sessionId,
        Role = Role,
        Content = Content,
        Timestamp = Timestamps.FromMicros(SaidAt),
        Metadata = JsonElement.Parse(Metadata),
    };
}
