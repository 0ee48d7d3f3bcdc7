using System.Text.Json;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Memory;

/// <summary>A person's sessions as a whole, and in other users' sessions the turns that the person wrote or that are about them.</summary>
internal sealed class MemoryPersonalData : IPersonalData
{
    private const string PersonCondition = "(t.created_by = @UserId or t.subject_id = @UserId)";
    private const string SessionCondition = "t.tenant_id = @TenantId and t.env = @Env and t.session_id = @id";

    /// <inheritdoc />
    public string Kind => "memory";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["memory_sessions", "memory_turns"];

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) => PersonalRowFinder.FindAsync(
        session, person, after, "memory_sessions", "session_id",
        $"""
        user_id = @UserId or exists (select 1 from memory_turns t
          where t.tenant_id = memory_sessions.tenant_id and t.env = memory_sessions.env and t.session_id = memory_sessions.session_id
            and {PersonCondition})
        """);

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        foreach (var id in ids)
        {
            var key = new { session.Scope.TenantId, session.Scope.Env, erasing.UserId, id };
            var found = await session.FirstOrDefaultAsync<SessionRow>(
                """
                select user_id as UserId, turns, bytes from memory_sessions
                  where tenant_id = @TenantId and env = @Env and session_id = @id
                """,
                key);
            if (found is null)
            {
                continue;
            }

            var isWhole = found.UserId == erasing.UserId;
            var turns = await session.QueryAsync<Turn>(
                $"""
                select t.turn_id as TurnId, t.content_bytes + octet_length(t.metadata) as Bytes from memory_turns t
                  where {SessionCondition}{(isWhole ? "" : " and " + PersonCondition)} order by t.position
                """,
                key);
            if (isWhole)
            {
                await session.ExecuteAsync("delete from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @id", key);
                await session.ExecuteAsync(
                    "delete from memory_sessions where tenant_id = @TenantId and env = @Env and session_id = @id",
                    key);
                await session.BatchState<UsageBatchState>().AddAsync(session, -found.Bytes);
                await ErasureItemStore.MarkErasedAsync(session, erasing.ErasureId, turns.Select(turn => turn.TurnId));
                // The session id is chosen by its writer. The receipt contains it only if it has the form of a generated id and
                // so cannot be a name.
                await erasing.RecordErasedAsync(session, "session", id, LineageLinks.IsId(id) ? id : null);
                continue;
            }

            var bytes = turns.Sum(turn => turn.Bytes);
            await session.ExecuteAsync(
                """
                delete from memory_turns where tenant_id = @TenantId and env = @Env and session_id = @id and (created_by = @UserId
                  or subject_id = @UserId)
                """,
                key);
            await session.ExecuteAsync(
                "update memory_sessions set bytes = bytes - @bytes where tenant_id = @TenantId and env = @Env and session_id = @id",
                new { session.Scope.TenantId, session.Scope.Env, id, bytes });
            await session.BatchState<UsageBatchState>().AddAsync(session, -bytes);
            foreach (var turn in turns)
            {
                await erasing.RecordErasedAsync(session, "turn", turn.TurnId);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var id in ids)
        {
            var turns = await session.QueryAsync<TurnRow>(
                $"""
                select t.position, t.turn_id as TurnId, t.role, t.content, t.metadata, t.said_at as SaidAt from memory_turns t
                where {SessionCondition} and ({PersonCondition} or exists (
                  select 1 from memory_sessions s where s.tenant_id = t.tenant_id and s.env = t.env and s.session_id = t.session_id
                    and s.user_id = @UserId))
                order by t.position
                """,
                new { session.Scope.TenantId, session.Scope.Env, person.UserId, id });
            lines.AddRange(turns.Select(turn => JsonSerializer.Serialize(turn.ToWire(id), StrictJson.TypeInfo<Client.SessionTurn>())));
        }

        return lines;
    }

    private sealed class Turn
    {
        public string TurnId { get; init; } = "";

        public long Bytes { get; init; }
    }
}
