using System.Buffers.Binary;
using Dapper;
using Nexus.Merkle;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Reads hashes of a log's tree: full parts from tiles, the rest from the newest leaves. The nodes of a tree of a given size
/// never change, so reads need no snapshot. Use one instance per request; not safe for concurrent use.
/// </summary>
/// <param name="session">A session for the log's tenant and env.</param>
internal sealed class LogTree(ReadSession session)
{
    private const int LevelsPerTile = 8;
    private const string FromTilesSql = "from log_tiles where tenant_id = @TenantId and env = @Env and ";

    private readonly Dictionary<(int Level, long N), byte[]> _tiles = [];

    /// <summary>Returns the hashes of the nodes, in order.</summary>
    /// <param name="nodes">Nodes of trees that the log has reached.</param>
    /// <exception cref="LogInconsistentException">Events are missing.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> GetHashesAsync(IReadOnlyList<LeafRange> nodes)
    {
        await FetchAsync(nodes);
        return [.. nodes.Select(node => BuildRange(node).Root())];
    }

    /// <summary>Returns the compact range of the tree of a size that the log has reached.</summary>
    /// <exception cref="LogInconsistentException">Events are missing.</exception>
    public async ValueTask<CompactRange> GetRangeAsync(long size)
    {
        await FetchAsync([new LeafRange(0, size)]);
        return BuildRange(new LeafRange(0, size));
    }

    private static (int Level, long N) GetTile(Subtree subtree) =>
        (subtree.Level / LevelsPerTile, GetFirstHash(subtree) / TileWriter.Width);

    /// <summary>The index, within its tile's level, of the subtree's first hash.</summary>
    private static long GetFirstHash(Subtree subtree) => subtree.Index << (subtree.Level % LevelsPerTile);

    /// <summary>The end index, within the tile, of the subtree's hashes.</summary>
    private static int GetEndInTile(Subtree subtree) =>
        (int)(GetFirstHash(subtree) % TileWriter.Width) + (1 << (subtree.Level % LevelsPerTile));

    private static byte[] ComputeRoot(ReadOnlySpan<byte> hashes)
    {
        var range = new CompactRange();
        for (var at = 0; at < hashes.Length; at += TreeHash.Size)
        {
            range.Append(hashes[at..]);
        }

        return range.Root();
    }

    private CompactRange BuildRange(LeafRange node)
    {
        var size = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(size, node.To - node.From);
        return CompactRange.FromBytes([.. size, .. Subtree.Decompose(node).SelectMany(ComputeHash)]);
    }

    private byte[] ComputeHash(Subtree subtree)
    {
        var (end, count) = (GetEndInTile(subtree), 1 << (subtree.Level % LevelsPerTile));
        return ComputeRoot(_tiles[GetTile(subtree)].AsSpan((end - count) * TreeHash.Size, count * TreeHash.Size));
    }

    /// <summary>Reads everything the nodes need: one round trip for the tiles, and one for each part that is not in a tile.</summary>
    private async ValueTask FetchAsync(IReadOnlyList<LeafRange> nodes)
    {
        var needed = nodes.SelectMany(Subtree.Decompose).GroupBy(GetTile, GetEndInTile).ToDictionary(tile => tile.Key, tile => tile.Max());
        if (needed.Count == 0)
        {
            return;
        }

        var args = new DynamicParameters(new { session.Scope.TenantId, session.Scope.Env });
        var sql = needed.Keys.Select((tile, i) =>
        {
            args.Add($"l{i}", tile.Level);
            args.Add($"n{i}", tile.N);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"select level as Level, n as N, hashes as Hashes {FromTilesSql}level = @l{i} and n = @n{i}");
        });
        var stored = (await session.QueryAsync<Tile>(string.Join(" union all ", sql), args)).ToDictionary(
            tile => (tile.Level, tile.N),
            tile => tile.Hashes);
        foreach (var ((level, n), end) in needed)
        {
            _tiles[(level, n)] = await CompleteAsync(level, n, end, stored.GetValueOrDefault((level, n)) ?? []);
        }
    }

    /// <summary>Returns a tile's hashes up to an end. What is not stored is computed from leaves and lower tiles.</summary>
    private async ValueTask<byte[]> CompleteAsync(int level, long n, int end, byte[] stored)
    {
        var have = stored.Length / TreeHash.Size;
        if (have >= end)
        {
            return stored;
        }

        if (level == 0)
        {
            return await ReadLeavesAsync(n * TileWriter.Width, (n * TileWriter.Width) + end);
        }

        // Only for logs written by an older version of the service, until their tiles are backfilled.
        var hashes = new MemoryStream();
        hashes.Write(stored);
        for (var below = (n * TileWriter.Width) + have; below < (n * TileWriter.Width) + end; below++)
        {
            var tile = await session.FirstOrDefaultAsync<byte[]>(
                $"select hashes {FromTilesSql}level = @level and n = @below",
                new { session.Scope.TenantId, session.Scope.Env, level = level - 1, below });
            hashes.Write(ComputeRoot(await CompleteAsync(level - 1, below, TileWriter.Width, tile ?? [])));
        }

        return hashes.ToArray();
    }

    private async ValueTask<byte[]> ReadLeavesAsync(long from, long to)
    {
        var leaves = await session.QueryAsync<byte[]>(
            "select leaf from events where tenant_id = @TenantId and env = @Env and seq >= @from and seq < @to order by seq",
            new { session.Scope.TenantId, session.Scope.Env, from, to });
        return leaves.Count == to - from
            ? [.. leaves.SelectMany(leaf => leaf)]
            : throw new LogInconsistentException("Events of the log are missing.");
    }

    private sealed class Tile
    {
        public int Level { get; init; }

        public long N { get; init; }

        public byte[] Hashes { get; init; } = [];
    }
}

/// <summary>The stored events do not match the log's head: rows were changed or deleted without the service.</summary>
internal sealed class LogInconsistentException(string message) : Exception(message);
