using System.Text.Json;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Maybes;

/// <summary>The items of a person.</summary>
internal sealed class MaybePersonalData : IPersonalData
{
    /// <inheritdoc />
    public string Kind => "maybes";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["maybes"];

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.FindAsync(session, person, after, "maybes", "item_id", "user_id = @UserId");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        var key = new { session.Scope.TenantId, session.Scope.Env, erasing.UserId, ids };
        var where = $"tenant_id = @TenantId and env = @Env and user_id = @UserId and {session.In("item_id", nameof(ids))}";
        foreach (var (id, bytes) in await session.QueryAsync<(string ItemId, long Bytes)>(
            $"select item_id, bytes from maybes where {where} order by item_id",
            key))
        {
            await session.BatchState<UsageBatchState>().AddAsync(session, -bytes);
            await erasing.RecordErasedAsync(session, "maybe", id);
        }

        await session.ExecuteAsync($"delete from maybes where {where}", key);
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids) =>
        (await MaybeStore.FindAsync(session, ids)).ConvertAll(
            row => JsonSerializer.Serialize(row.ToWire(session.Scope), StrictJson.TypeInfo<Client.MaybeItem>()));
}
