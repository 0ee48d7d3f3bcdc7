using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>
/// Looks up atom nodes and links for the lineage graph. The rows themselves say what an atom was made from: an asset, or the atom
/// it is a part of.
/// </summary>
internal static class AtomLineage
{
    /// <summary>The maximum number of parts examined for things derived from them. An atom has no more.</summary>
    private const int MaxParts = Nexus.Server.Knowledge.Atoms.Ops.OpResult.MaxChildren;

    public static LineageKind Kind { get; } = new("atom", FindAsync) { FindLinksAsync = FindLinksAsync };

    private static async ValueTask<List<LineageNode>> FindAsync(ReadSession session, string[] ids)
    {
        if (FilterAtomIds(ids) is not { Length: > 0 } atoms)
        {
            return [];
        }

        var rows = await session.QueryAsync<AtomRow>(
            $"""
            select atom_id as AtomId, part, op_type as OpType, case part when 0 then '' else metadata end as Metadata,
              created_at as CreatedAt
            from atoms where tenant_id = @TenantId and env = @Env and {session.In("atom_id", "atoms")} order by atom_id
            """,
            new { session.Scope.TenantId, session.Scope.Env, atoms });
        return rows.ConvertAll(
            row =>
                new LineageNode
                {
                    Kind = "atom",
                    Id = row.AtomId,
                    Label = GetLabel(row),
                    CreatedAt = Timestamps.FromMicros(row.CreatedAt),
                });
    }

    private static async ValueTask<List<LineageEdge>> FindLinksAsync(ReadSession session, bool upwards, string[] ids, int limit)
    {
        var (atoms, links) = (FilterAtomIds(ids), new List<(string From, string To, string How)>());
        var scope = session.Scope;
        if (atoms.Length > 0)
        {
            links.AddRange(await session.QueryAsync<(string From, string To, string How)>(
                upwards
                    ? $"""
                      select coalesce(parent_atom_id, parent_asset_id), atom_id, case part when 0 then op_type else 'part' end
                      from atoms where tenant_id = @TenantId and env = @Env and {session.In("atom_id", "atoms")} order by atom_id
                        limit @limit
                      """
                    : $"""
                      select parent_atom_id, atom_id, 'part' from (
                        select parent_atom_id, atom_id, part from atoms where tenant_id = @TenantId and env = @Env
                          and {session.In("parent_atom_id", "atoms")}
                        order by parent_atom_id, part limit @maxParts
                      ) as parts order by {LineageLinks.HasDerivedCondition("parts.atom_id")} desc, parent_atom_id, part limit @limit
                      """,
                new { scope.TenantId, scope.Env, maxParts = MaxParts, limit, atoms }));
        }

        if (!upwards && atoms.Length < ids.Length)
        {
            links.AddRange(await session.QueryAsync<(string From, string To, string How)>(
                $"""
                select parent_asset_id, atom_id, op_type from atoms
                where tenant_id = @TenantId and env = @Env and {session.In("parent_asset_id", "assets")} and part = 0 order by seq desc
                  limit @limit
                """,
                new { scope.TenantId, scope.Env, limit, assets = ids.Except(atoms, StringComparer.Ordinal).ToArray() }));
        }

        return links.ConvertAll(link => new LineageEdge(link.From, link.To, link.How));
    }

    private static string[] FilterAtomIds(string[] ids) => Array.FindAll(ids, AtomIds.IsAtomId);

    /// <summary>Returns the op's name. For a part, also its number and its title if the op found one.</summary>
    private static string GetLabel(AtomRow row)
    {
        if (row.Part == 0)
        {
            return row.OpType;
        }

        using var metadata = JsonDocument.Parse(row.Metadata);
        var name = string.Create(CultureInfo.InvariantCulture, $"{row.OpType} {row.Part}");
        return metadata.RootElement.TryGetProperty("title", out var title) && title.GetString() is { Length: > 0 } text
            ? $"{name}: {text}"
            : name;
    }
}
