using Nexus.Client;
using Nexus.Server.Storage;

namespace Nexus.Server.Lineage;

/// <summary>What was made of what: written by a slice with the thing itself, in the same write. Ids alone: no two kinds share one.</summary>
internal static class LineageLinks
{
    /// <summary>Says what a new thing was made of.</summary>
    public static async ValueTask AddAsync(WriteSession session, string toId, IReadOnlyList<string> fromIds, string how)
    {
        if (fromIds.Count > 0)
        {
            await session.ExecuteManyAsync((
                "insert into lineage_links (tenant_id, env, from_id, to_id, how) values ($1, $2, $3, $4, $5) on conflict (tenant_id, env, from_id, to_id) do nothing",
                [.. fromIds.Select(fromId => new object?[] { session.Scope.TenantId, session.Scope.Env, fromId, toId, how })]));
        }
    }

    /// <summary>Forgets what a thing was made of, because it changed or is gone. What was made of it stays linked.</summary>
    public static async ValueTask RemoveAsync(WriteSession session, string toId) =>
        await session.ExecuteAsync("delete from lineage_links where tenant_id = @TenantId and env = @Env and to_id = @toId", new { session.Scope.TenantId, session.Scope.Env, toId });

    /// <summary>The links that lead to some things, or away from them.</summary>
    public static async ValueTask<List<LineageEdge>> FindAsync(ReadSession session, bool upwards, string[] ids, int limit)
    {
        var links = await session.QueryAsync<(string From, string To, string How)>(
            $"""
            select from_id, to_id, how from lineage_links
            where tenant_id = @TenantId and env = @Env and {session.In(upwards ? "to_id" : "from_id", "ids")} order by from_id, to_id limit @most
            """,
            new { session.Scope.TenantId, session.Scope.Env, most = limit, ids });
        return links.ConvertAll(link => new LineageEdge(link.From, link.To, link.How));
    }
}
