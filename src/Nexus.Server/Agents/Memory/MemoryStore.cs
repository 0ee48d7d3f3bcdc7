using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Agents.Memory;

/// <summary>Sessions and their turns in the store. Events say who spoke and how long, never what.</summary>
internal sealed class MemoryStore(EventLog log)
{
    /// <summary>About how many bytes of content one page holds, so that a hundred long turns do not fill the memory.</summary>
    private const long MaxListed = 4 << 20;

    /// <summary>Adds a turn at the end of its session, which belongs to the caller from then on; leaves <c>memory_turn_created</c>.</summary>
    /// <exception cref="ProblemException">409 <c>memory.session_taken</c>; 403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<SessionTurn> AddAsync(WriteSession session, RequestContext context, NewTurn turn)
    {
        // The batch holds the log's lock, so no other turn takes this place.
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
            set turns = memory_sessions.turns + 1, bytes = memory_sessions.bytes + excluded.bytes, updated_at = excluded.updated_at, seq = excluded.seq
            """,
            new { context.TenantId, context.Env, turn.SessionId, context.UserId, turn.Bytes, recorded.RecordedAt, recorded.Seq });
        await session.ExecuteAsync(
            """
            insert into memory_turns (tenant_id, env, session_id, position, turn_id, role, content, content_bytes, metadata, subject_id, said_at, created_at, created_by, seq)
            values (@TenantId, @Env, @SessionId, @position, @turnId, @Role, @Content, @ContentBytes, @Metadata, @SubjectId, @saidAt, @RecordedAt, @UserId, @Seq)
            """,
            new
            {
                context.TenantId, context.Env, turn.SessionId, position, turnId, turn.Role, turn.Content, ContentBytes = (long)turn.ContentBytes, turn.Metadata, turn.SubjectId, saidAt,
                recorded.RecordedAt, context.UserId, recorded.Seq,
            });
        return new TurnRow { TurnId = turnId, Role = turn.Role, Content = turn.Content, Metadata = turn.Metadata, SaidAt = saidAt }.ToWire(turn.SessionId);
    }

    /// <summary>Forgets a session and all its turns; leaves <c>memory_session_deleted</c>.</summary>
    /// <exception cref="ProblemException">404, for somebody else's too.</exception>
    public async ValueTask DeleteAsync(WriteSession session, RequestContext context, string sessionId)
    {
        if (await FindAsync(session, context, sessionId) is not { } found)
        {
            throw new ProblemException(Problem.NotFound);
        }

        await session.BatchState<UsageBatchState>().AddAsync(session, -found.Bytes);
        await log.AppendAsync(session, context, new NewEvent("memory_session_deleted", "session", sessionId) { Output = new JsonObject { ["turns"] = found.Turns } });
        var key = new { context.TenantId, context.Env, sessionId };
        await session.ExecuteAsync("delete from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @sessionId", key);
        await session.ExecuteAsync("delete from memory_sessions where tenant_id = @TenantId and env = @Env and session_id = @sessionId", key);
    }

    /// <summary>A session that the caller may see: their own, or any for an admin. Null for all others.</summary>
    public static async ValueTask<SessionRow?> FindAsync(ReadSession session, RequestContext context, string sessionId) =>
        await FindRowAsync(session, sessionId) is { } found && IsVisible(context, found) ? found : null;

    /// <summary>A page of turns in their order, forwards after a position or backwards before one.</summary>
    /// <param name="session">A read of the tenant and env.</param>
    /// <param name="sessionId">A session that the caller may see.</param>
    /// <param name="backwards">Whether the page ends before <paramref name="from"/> and not begins after it.</param>
    /// <param name="from">The position where the page before ended; null for the first page.</param>
    /// <param name="limit">How many at most; fewer where they are long, but at least one.</param>
    /// <returns>The turns, and whether no more follow in this direction.</returns>
    public static async ValueTask<(List<TurnRow> Turns, bool IsLast)> ListTurnsAsync(ReadSession session, string sessionId, bool backwards, long? from, int limit)
    {
        var (where, order) = backwards ? ("position < @start", "desc") : ("position > @start", "asc");
        var sizes = await session.QueryAsync<(long Position, long Bytes)>(
            $"select position, content_bytes from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @sessionId and {where} order by position {order} limit @most",
            new { session.Scope.TenantId, session.Scope.Env, sessionId, start = from ?? (backwards ? long.MaxValue : -1), most = limit + 1 });
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
            from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @sessionId and position >= @first and position <= @last order by position
            """,
            new { session.Scope.TenantId, session.Scope.Env, sessionId, first, last });
        return (turns, taken == sizes.Count);
    }

    private static ValueTask<SessionRow?> FindRowAsync(ReadSession session, string sessionId) =>
        session.FirstOrDefaultAsync<SessionRow>(
            "select user_id as UserId, turns, bytes, created_at as CreatedAt, updated_at as UpdatedAt from memory_sessions where tenant_id = @TenantId and env = @Env and session_id = @sessionId",
            new { session.Scope.TenantId, session.Scope.Env, sessionId });

    private static bool IsVisible(RequestContext context, SessionRow found) =>
        context.Role >= Role.Admin || string.Equals(found.UserId, context.UserId, StringComparison.Ordinal);
}

/// <summary>A session as it is stored.</summary>
internal sealed class SessionRow
{
    /// <summary>Whose it is.</summary>
    public string UserId { get; init; } = "";

    /// <summary>How many turns it has; the place of the next.</summary>
    public long Turns { get; init; }

    /// <summary>What it counts in the quota.</summary>
    public long Bytes { get; init; }

    /// <summary>Microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Microseconds.</summary>
    public long UpdatedAt { get; init; }
}

/// <summary>A turn as it is stored.</summary>
internal sealed class TurnRow
{
    /// <summary>0, 1, 2 … within its session.</summary>
    public long Position { get; init; }

    /// <summary>UUIDv7.</summary>
    public string TurnId { get; init; } = "";

    /// <summary>Who spoke.</summary>
    public string Role { get; init; } = "";

    /// <summary>What was said.</summary>
    public string Content { get; init; } = "";

    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "";

    /// <summary>Microseconds.</summary>
    public long SaidAt { get; init; }

    /// <summary>The turn as callers see it.</summary>
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
