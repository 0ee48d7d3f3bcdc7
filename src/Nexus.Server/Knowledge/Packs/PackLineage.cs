using Nexus.Client;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>Looks up pack nodes for the lineage graph. The label is the pack's query.</summary>
internal static class PackLineage
{
    public static LineageKind Kind { get; } = new("pack", FindAsync);

    private static async ValueTask<List<LineageNode>> FindAsync(ReadSession session, string[] ids)
    {
        var rows = await session.QueryAsync<(string PackId, string Query, long CreatedAt)>(
            $"""
            select pack_id, query, created_at from packs where tenant_id = @TenantId and env = @Env and {session.In("pack_id", "ids")}
              order by pack_id
            """,
            new { session.Scope.TenantId, session.Scope.Env, ids });
        return rows.ConvertAll(
            row => new LineageNode { Kind = "pack", Id = row.PackId, Label = row.Query, CreatedAt = Timestamps.FromMicros(row.CreatedAt) });
    }
}
