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
    private const int LevelsOfTile = 8;
    private const string OfLog = "from log_tiles where tenant_id = @TenantId and env = @Env and ";

    private readonly Dictionary<(int Level, long N), byte[]> _tiles = [];

    /// <summary>The hashes of some nodes, in their order.</summary>
    /// <param name="nodes">Nodes of trees that the log has reached.</param>
    /// <exception cref="LogBrokenException">Events are missing.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> HashesAsync(IReadOnlyList<LeafRange> nodes)
    {
        await FetchAsync(nodes);
        return [.. nodes.Select(node => Range(node).Root())];
    }

    /// <summary>The right edge of the tree of a size, which the log has reached.</summary>
    /// <exception cref="LogBrokenException">Events are missing.</exception>
    public async ValueTask<CompactRange> RangeAsync(long size)
    {
        await FetchAsync([new LeafRange(0, size)]);
        return Range(new LeafRange(0, size));
    }

    private static (int Level, long N) TileOf(Subtree subtree) => (subtree.Level / LevelsOfTile, FirstOf(subtree) / TileRows.Width);

    /// <summary>The first of the hashes that the subtree is made of, counted over its tile's level.</summary>
    private static long FirstOf(Subtree subtree) => subtree.Index << (subtree.Level % LevelsOfTile);

    /// <summary>Where in its tile the last of them ends.</summary>
    private static int EndOf(Subtree subtree) => (int)(FirstOf(subtree) % TileRows.Width) + (1 << (subtree.Level % LevelsOfTile));

    private static byte[] Root(ReadOnlySpan<byte> hashes)
    {
        var range = new CompactRange();
        for (var at = 0; at < hashes.Length; at += TreeHash.Size)
        {
            range.Append(hashes[at..]);
        }

        return range.Root();
    }

    private CompactRange Range(LeafRange node)
    {
        var size = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(size, node.To - node.From);
        return CompactRange.FromBytes([.. size, .. Subtree.Of(node).SelectMany(Hash)]);
    }

    private byte[] Hash(Subtree subtree)
    {
        var (end, count) = (EndOf(subtree), 1 << (subtree.Level % LevelsOfTile));
        return Root(_tiles[TileOf(subtree)].AsSpan((end - count) * TreeHash.Size, count * TreeHash.Size));
    }

    /// <summary>Reads what the nodes are made of, in a round trip for the tiles and one for each part that no tile holds.</summary>
    private async ValueTask FetchAsync(IReadOnlyList<LeafRange> nodes)
    {
        var wanted = nodes.SelectMany(Subtree.Of).GroupBy(TileOf, EndOf).ToDictionary(tile => tile.Key, tile => tile.Max());
        if (wanted.Count == 0)
        {
            return;
        }

        var args = new DynamicParameters(new { session.Scope.TenantId, session.Scope.Env });
        var sql = wanted.Keys.Select((tile, i) =>
        {
            args.Add($"l{i}", tile.Level);
            args.Add($"n{i}", tile.N);
            return string.Create(CultureInfo.InvariantCulture, $"select level as Level, n as N, hashes as Hashes {OfLog}level = @l{i} and n = @n{i}");
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
            return await LeavesAsync(n * TileRows.Width, (n * TileRows.Width) + end);
        }

        // Only in a log that an older version of the service wrote, until its tiles are made up for.
        var hashes = new MemoryStream();
        hashes.Write(stored);
        for (var below = (n * TileRows.Width) + have; below < (n * TileRows.Width) + end; below++)
        {
            var tile = await session.FirstAsync<byte[]>($"select hashes {OfLog}level = @level and n = @below", new { session.Scope.TenantId, session.Scope.Env, level = level - 1, below });
            hashes.Write(Root(await CompleteAsync(level - 1, below, TileRows.Width, tile ?? [])));
        }

        return hashes.ToArray();
    }

    private async ValueTask<byte[]> LeavesAsync(long from, long to)
    {
        var leaves = await session.QueryAsync<byte[]>(
            "select leaf from events where tenant_id = @TenantId and env = @Env and seq >= @from and seq < @to order by seq",
            new { session.Scope.TenantId, session.Scope.Env, from, to });
        return leaves.Count == to - from ? [.. leaves.SelectMany(leaf => leaf)] : throw new LogBrokenException("Events of the log are missing.");
    }

    private sealed class Tile
    {
        public int Level { get; init; }

        public long N { get; init; }

        public byte[] Hashes { get; init; } = [];
    }
}

/// <summary>What the store holds is not the log that its head says: rows were changed or removed behind the service's back.</summary>
internal sealed class LogBrokenException(string message) : Exception(message);
