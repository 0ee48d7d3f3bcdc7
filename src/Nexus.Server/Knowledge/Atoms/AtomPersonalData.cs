using System.Text.Json;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>
/// The atoms a person created or that are about them. An erasure also covers atoms made from an asset it erased. Parts are erased
/// with their atom.
/// </summary>
internal sealed class AtomPersonalData : IPersonalData
{
    /// <inheritdoc />
    public string Kind => "atoms";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["atoms"];

    /// <inheritdoc />
    public bool HasLineage => true;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.FindAsync(
            session,
            person,
            after,
            "atoms",
            "atom_id",
            "part = 0 and (created_by = @UserId or subject_id = @UserId)");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        var key = new { session.Scope.TenantId, session.Scope.Env, erasureId = erasing.ErasureId, ids };
        await session.ExecuteAsync(
            $"""
            {ErasureItemStore.InsertSql} select tenant_id, env, @erasureId, atom_id, false from atoms
            where tenant_id = @TenantId and env = @Env and part = 0 and {session.In("parent_asset_id",
              nameof(ids))}{ErasureItemStore.OnConflictDoNothingSql}
            """,
            key);
        var found = await session.QueryAsync<string>(
            $"""
            select atom_id from atoms where tenant_id = @TenantId and env = @Env and part = 0 and {session.In("atom_id", nameof(ids))}
              order by atom_id
            """,
            key);
        foreach (var atomId in found)
        {
            await EraseAtomAsync(session, erasing, atomId);
        }
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var id in ids)
        {
            if (await AtomStore.FindAsync(session, id) is not { } atom)
            {
                continue;
            }

            lines.Add(Serialize(session, atom));
            for ((long, int)? after = null; ;)
            {
                var (parts, isLast) = await AtomStore.ListAsync(session, new AtomFilter(null, id, null), after, 100);
                lines.AddRange(parts.Select(part => Serialize(session, part)));
                if (isLast)
                {
                    break;
                }

                after = (parts[^1].Seq, parts[^1].Part);
            }
        }

        return lines;
    }

    private static async ValueTask EraseAtomAsync(WriteSession session, ErasureContext erasing, string atomId)
    {
        // Something made from a part was made from the person's text.
        await LineageLinks.EraseAsync(
            session, erasing.ErasureId,
            column =>
                $"""
                {column} in (select atom_id from atoms a
                  where a.tenant_id = @TenantId and a.env = @Env and {session.In("a.parent_atom_id", "ids")})
                """,
            [atomId]);
        var key = new { session.Scope.TenantId, session.Scope.Env, atomId };
        var bytes = await session.FirstOrDefaultAsync<long>(
            """
            select cast(coalesce(sum(coalesce(octet_length(content), 0) + case part when 0 then octet_length(metadata) else 0 end),
              0) as bigint)
            from atoms where tenant_id = @TenantId and env = @Env and (atom_id = @atomId or parent_atom_id = @atomId)
            """,
            key);
        await session.BatchState<UsageBatchState>().AddAsync(session, -bytes);
        await erasing.RecordErasedAsync(session, "atom", atomId);
        await session.ExecuteAsync("delete from atoms where tenant_id = @TenantId and env = @Env and parent_atom_id = @atomId", key);
        await session.ExecuteAsync("delete from atoms where tenant_id = @TenantId and env = @Env and atom_id = @atomId", key);
    }

    private static string Serialize(ReadSession session, AtomRow atom) =>
        JsonSerializer.Serialize(atom.ToWire(session.Scope, isListed: true), StrictJson.TypeInfo<Client.AtomArtifact>());
}
