using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Looks up raw asset nodes for the lineage graph, labelled with the file name. Deleted assets are found in the event log.
/// </summary>
internal static class RawAssetLineage
{
    public static LineageKind Kind { get; } = new("raw", FindAsync);

    private static async ValueTask<List<LineageNode>> FindAsync(ReadSession session, string[] ids)
    {
        var kept = await session.QueryAsync<(string AssetId, string Filename, long CreatedAt)>(
            $"""
            select asset_id, filename, created_at from raw_assets
              where tenant_id = @TenantId and env = @Env and {session.In("asset_id", "ids")} order by asset_id
            """,
            new { session.Scope.TenantId, session.Scope.Env, ids });
        var nodes = kept.ConvertAll(
            row =>
                new LineageNode { Kind = "raw", Id = row.AssetId, Label = row.Filename, CreatedAt = Timestamps.FromMicros(row.CreatedAt) });
        string[] missing = [.. ids.Except(kept.Select(row => row.AssetId), StringComparer.Ordinal)];
        if (missing.Length > 0
            && await StoredEventReader.FindLastTimesAsync(session, "raw_asset_deleted", missing) is { Count: > 0 } deleted)
        {
            var registered = await StoredEventReader.FindLastTimesAsync(session, "raw_asset_registered", [.. deleted.Keys]);
            nodes.AddRange(
                registered.Select(
                    asset =>
                        new LineageNode
                        {
                            Kind = "raw",
                            Id = asset.Key,
                            Label = "file",
                            CreatedAt = Timestamps.FromMicros(asset.Value),
                            Erased = true,
                        }));
        }

        return nodes;
    }
}
