using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Agents.Memory;

/// <summary>
/// Session memory: <c>/nexus/memory</c>. A session belongs to its first writer; for other users except admins it looks as if it
/// did not exist.
/// </summary>
internal static class MemoryEndpoints
{
    public static void MapMemory(this IEndpointRouteBuilder app)
    {
        var memory = app.MapGroup("/nexus/memory/session/{session_id}").WithTags("Session memory");
        memory.MapPost("turn", AddAsync).RequireAction("memory_write", Role.Member).WithSummary("Add a turn to the end of a session");
        memory.MapGet("", GetAsync).RequireAction("memory_read", Role.Viewer)
            .WithSummary("Read a session's turns: from the first on, or the last ones with `last`");
        memory.MapDelete("", DeleteAsync).RequireAction("memory_write", Role.Member).WithSummary("Delete a session");
    }

    private static async Task<EntityResult<SessionTurn>> AddAsync(
        RequestContext context, [FromRoute(Name = "session_id")] string sessionId, JsonBody<SessionTurnRequest> body, MemoryStore memory,
        IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var turn = NewTurn.Parse(sessionId, body.Value);
        return await mutations.RunAsync(context, session => memory.AddAsync(session, context, turn), cancellationToken);
    }

    private static async Task<Results<EntityResult<SessionSnapshot>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "session_id")] string sessionId, PageRequest page, Database database, EventLog log,
        HttpResponse response, CancellationToken cancellationToken, int? last = null)
    {
        NewTurn.ValidateSessionId(sessionId);
        if (last is < 1 or > 100)
        {
            return Problem.Invalid(ProblemCodes.LastInvalid, "last", "must be an integer from 1 to 100.");
        }

        await database.WriteAsync(
            context.Scope, session =>
                log.AppendAsync(session, context, new NewEvent("memory_session_read", "session", sessionId)), cancellationToken);
        var (found, turns, isLast) = await database.ReadAsync<(SessionRow? Session, List<TurnRow> Turns, bool IsLast)>(
            context.Scope,
            async session =>
            {
                if (await MemoryStore.FindAsync(session, context, sessionId) is not { } row)
                {
                    return (null, [], true);
                }

                var (rows, isEnd) = await MemoryStore.ListTurnsAsync(
                    session, sessionId, last is not null, page.AfterSequence, last ?? page.Limit);
                return (row, rows, isEnd);
            },
            cancellationToken);
        var next = isLast || turns.Count == 0
            ? null
            : page.Next((last is null ? turns[^1] : turns[0]).Position.ToString(CultureInfo.InvariantCulture));
        if (next is not null)
        {
            response.Headers.Link = next.Link;
        }

        return EntityResult<SessionSnapshot>.Create(new SessionSnapshot
        {
            SessionId = sessionId,
            TenantId = context.TenantId,
            Env = context.Env,
            Turns = turns.ConvertAll(turn => turn.ToWire(sessionId)),
            CreatedAt = Timestamps.FromMicros(found?.CreatedAt),
            UpdatedAt = Timestamps.FromMicros(found?.UpdatedAt),
            NextCursor = next?.Cursor,
        });
    }

    private static async Task<NoContent> DeleteAsync(
        RequestContext context, [FromRoute(Name = "session_id")] string sessionId, MemoryStore memory, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        NewTurn.ValidateSessionId(sessionId);
        return await mutations.RunAsync(context, session => memory.DeleteAsync(session, context, sessionId), cancellationToken);
    }
}
