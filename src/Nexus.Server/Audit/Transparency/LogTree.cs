using System.Buffers.Binary;
using Dapper;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Reads hashes of a log's tree: what is full from tiles, the rest from the newest leaves. A node of the tree of some size is the same for
/// ever, so that reads of one log need no snapshot. For one question; not for concurrent use.
/// </summary>
/// <param name="session">A read of the log's tenant and env.</param>
internal sealed class LogTree(ReadSession session)
{
    private const int LevelsPerTile = 8;
    private const string FromTilesSql = "from log_tiles where tenant_id = @TenantId and env = @Env and ";

    private readonly Dictionary<(int Level, long N), byte[]> _tiles = [];

    /// <summary>The hashes of some nodes, in their order.</summary>
    /// <param name="nodes">Nodes of trees that the log has reached.</param>
    /// <exception cref="LogInconsistentException">Events are missing.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> GetHashesAsync(IReadOnlyList<LeafRange> nodes)
    {
        await FetchAsync(nodes);
        return [.. nodes.Select(node => BuildRange(node).Root())];
    }

    /// <summary>The right edge of the tree of a size, which the log has reached.</summary>
    /// <exception cref="LogInconsistentException">Events are missing.</exception>
    public async ValueTask<CompactRange> GetRangeAsync(long size)
    {
        await FetchAsync([new LeafRange(0, size)]);
        return BuildRange(new LeafRange(0, size));
    }

    private static (int Level, long N) GetTile(Subtree subtree) => (subtree.Level / LevelsPerTile, GetFirstHash(subtree) / TileWriter.Width);

    /// <summary>The first of the hashes that the subtree is made of, counted over its tile's level.</summary>
    private static long GetFirstHash(Subtree subtree) => subtree.Index << (subtree.Level % LevelsPerTile);

    /// <summary>Where in its tile the last of them ends.</summary>
    private static int GetEndInTile(Subtree subtree) => (int)(GetFirstHash(subtree) % TileWriter.Width) + (1 << (subtree.Level % LevelsPerTile));

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

    /// <summary>Reads what the nodes are made of, in a round trip for the tiles and one for each part that no tile holds.</summary>
    private async ValueTask FetchAsync(IReadOnlyList<LeafRange> nodes)
    {
        var wanted = nodes.SelectMany(Subtree.Decompose).GroupBy(GetTile, GetEndInTile).ToDictionary(tile => tile.Key, tile => tile.Max());
        if (wanted.Count == 0)
        {
            return;
        }

        var args = new DynamicParameters(new { session.Scope.TenantId, session.Scope.Env });
        var sql = wanted.Keys.Select((tile, i) =>
        {
            args.Add($"l{i}", tile.Level);
            args.Add($"n{i}", tile.N);
            return string.Create(CultureInfo.InvariantCulture, $"select level as Level, n as N, hashes as Hashes {FromTilesSql}level = @l{i} and n = @n{i}");
        });
        var stored = (await session.QueryAsync<Tile>(string.Join(" union all ", sql), args)).ToDictionary(tile => (tile.Level, tile.N), tile => tile.Hashes);
        foreach (var ((level, n), end) in wanted)
        {
            _tiles[(level, n)] = await CompleteAsync(level, n, end, stored.GetValueOrDefault((level, n)) ?? []);
        }
    }

    /// <summary>A tile's hashes up to an end: what is stored, and beyond it what leaves and the tiles below say.</summary>
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

        // Only in a log that an older version of the service wrote, until its tiles are made up for.
        var hashes = new MemoryStream();
        hashes.Write(stored);
        for (var below = (n * TileWriter.Width) + have; below < (n * TileWriter.Width) + end; below++)
        {
            var tile = await session.FirstOrDefaultAsync<byte[]>($"select hashes {FromTilesSql}level = @level and n = @below", new { session.Scope.TenantId, session.Scope.Env, level = level - 1, below });
            hashes.Write(ComputeRoot(await CompleteAsync(level - 1, below, TileWriter.Width, tile ?? [])));
        }

        return hashes.ToArray();
    }

    private async ValueTask<byte[]> ReadLeavesAsync(long from, long to)
    {
        var leaves = await session.QueryAsync<byte[]>(
            "select leaf from events where tenant_id = @TenantId and env = @Env and seq >= @from and seq < @to order by seq",
            new { session.Scope.TenantId, session.Scope.Env, from, to });
        return leaves.Count == to - from ? [.. leaves.SelectMany(leaf => leaf)] : throw new LogInconsistentException("Events of the log are missing.");
    }

    private sealed class Tile
    {
        public int Level { get; init; }

        public long N { get; init; }

        public byte[] Hashes { get; init; } = [];
    }
}

/// <summary>What the store holds is not the log that its head says: rows were changed or removed behind the service's back.</summary>
internal sealed class LogInconsistentException(string message) : Exception(message);
