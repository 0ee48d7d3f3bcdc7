using System.Text.Json;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>The packs a person created. An erasure also covers packs with an excerpt of a card it erased.</summary>
internal sealed class PackPersonalData : IPersonalData
{
    /// <inheritdoc />
    public string Kind => "packs";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["packs"];

    /// <inheritdoc />
    public bool HasLineage => true;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.FindAsync(session, person, after, "packs", "pack_id", "created_by = @UserId");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        var key = new { session.Scope.TenantId, session.Scope.Env, ids };
        var where = $"tenant_id = @TenantId and env = @Env and {session.In("pack_id", nameof(ids))}";
        foreach (var (id, bytes) in await session.QueryAsync<(string PackId, long Bytes)>(
            $"select pack_id, cast(octet_length(card_refs) as bigint) from packs where {where} order by pack_id",
            key))
        {
            await session.BatchState<UsageBatchState>().AddAsync(session, -bytes);
            await erasing.RecordErasedAsync(session, "pack", id);
        }

        await session.ExecuteAsync($"delete from packs where {where}", key);
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var id in ids)
        {
            if (await PackStore.FindAsync(session, id) is { } pack)
            {
                lines.Add(JsonSerializer.Serialize(pack, StrictJson.TypeInfo<Client.InfluencePack>()));
            }
        }

        return lines;
    }
}
