using Nexus.Merkle;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Writes a log's tiles. They are a prefix of it: tile n of level 0 is written when it is full and every one before it is there, and each
/// full tile adds its root to a tile of the level above, in the same transaction. A log from before there were tiles is made up for by
/// <see cref="BackfillAsync"/>; until then proofs read leaves.
/// </summary>
internal sealed class TileWriter
{
    /// <summary>Hashes in a full tile.</summary>
    public const int Width = 256;

    /// <summary>Bytes of a full tile.</summary>
    public const int FullSize = Width * TreeHash.Size;

    /// <summary>Writes a tile that was not there.</summary>
    public const string InsertSql = "insert into log_tiles (tenant_id, env, level, n, hashes) values ($1, $2, $3, $4, $5)";

    /// <summary>Writes a tile that has grown.</summary>
    public const string UpdateSql = "update log_tiles set hashes = $5 where tenant_id = $1 and env = $2 and level = $3 and n = $4";

    private readonly WriteSession _session;
    private readonly Dictionary<(int Level, long N), (MemoryStream Hashes, bool IsNew)> _tiles = [];

    private TileWriter(WriteSession session) => _session = session;

    /// <summary>Rows of <see cref="InsertSql"/>.</summary>
    public IReadOnlyList<object?[]> InsertRows => Rows(isNew: true);

    /// <summary>Rows of <see cref="UpdateSql"/>.</summary>
    public IReadOnlyList<object?[]> UpdateRows => Rows(isNew: false);

    /// <summary>The tiles that new leaves complete; null where they complete none.</summary>
    /// <param name="session">A write that holds the log's head.</param>
    /// <param name="before">How many leaves the log had.</param>
    /// <param name="leaves">The new ones, whose rows need not be there yet.</param>
    public static async ValueTask<TileWriter?> CreateAsync(WriteSession session, long before, IReadOnlyList<byte[]> leaves)
    {
        var (first, end) = (before / Width, (before + leaves.Count) / Width);
        if (first == end)
        {
            return null;
        }

        var rows = new TileWriter(session);
        if (await rows.CountAsync() != first)
        {
            return null;
        }

        var known = await ReadLeavesAsync(session, first * Width, before);
        for (var n = first; n < end; n++)
        {
            if (!await rows.TryAddAsync(n, [.. known, .. leaves.Skip((int)Math.Max(0, (n * Width) - before)).Take(Width - known.Count)]))
            {
                return null;
            }

            known = [];
        }

        return rows;
    }

    /// <summary>Writes tiles that an older version of the service left out.</summary>
    /// <param name="session">A write of the log's tenant and env.</param>
    /// <param name="most">How many tiles of level 0 at most.</param>
    /// <returns>Whether more are missing.</returns>
    public static async ValueTask<bool> BackfillAsync(WriteSession session, int most)
    {
        var size = await session.FirstOrDefaultAsync<long>("select size from log_heads where tenant_id = @TenantId and env = @Env", new { session.Scope.TenantId, session.Scope.Env });
        var rows = new TileWriter(session);
        var first = await rows.CountAsync();
        var end = Math.Min(first + most, size / Width);
        for (var n = first; n < end; n++)
        {
            if (!await rows.TryAddAsync(n, await ReadLeavesAsync(session, n * Width, (n + 1) * Width)))
            {
                return false;
            }
        }

        await session.ExecuteManyAsync([new BatchStatement(InsertSql, rows.InsertRows), new BatchStatement(UpdateSql, rows.UpdateRows)]);
        return end < size / Width;
    }

    /// <summary>How many tiles of level 0 a log has: each has added its root to the last tile of level 1.</summary>
    public static async ValueTask<long> CountAsync(ReadSession session)
    {
        var last = await session.FirstOrDefaultAsync<LastTile>(
            "select n as N, length(hashes) as Length from log_tiles where tenant_id = @TenantId and env = @Env and level = 1 order by n desc limit 1",
            new { session.Scope.TenantId, session.Scope.Env });
        return last is null ? 0 : (last.N * Width) + (last.Length / TreeHash.Size);
    }

    private ValueTask<long> CountAsync() => CountAsync(_session);

    /// <summary>Adds a full tile of level 0. False: the log has a gap, which no write is refused for; signing says it.</summary>
    private async ValueTask<bool> TryAddAsync(long n, List<byte[]> leaves)
    {
        if (leaves.Count != Width)
        {
            return false;
        }

        var hashes = new MemoryStream(FullSize);
        foreach (var leaf in leaves)
        {
            hashes.Write(leaf);
        }

        _tiles[(0, n)] = (hashes, true);
        return await TryPropagateAsync(1, n, ComputeRoot(hashes));
    }

    /// <summary>Adds the root of a full tile to the level above, and so on while that fills a tile.</summary>
    private async ValueTask<bool> TryPropagateAsync(int level, long index, byte[] root)
    {
        var (n, place) = (index / Width, (int)(index % Width));
        if (!_tiles.TryGetValue((level, n), out var tile))
        {
            tile = _tiles[(level, n)] = (new MemoryStream(FullSize), place == 0);
            if (place > 0)
            {
                tile.Hashes.Write(await _session.FirstOrDefaultAsync<byte[]>(
                    "select hashes from log_tiles where tenant_id = @TenantId and env = @Env and level = @level and n = @n",
                    new { _session.Scope.TenantId, _session.Scope.Env, level, n }));
            }
        }

        if (tile.Hashes.Length != place * TreeHash.Size)
        {
            return false;
        }

        tile.Hashes.Write(root);
        return place < Width - 1 || await TryPropagateAsync(level + 1, n, ComputeRoot(tile.Hashes));
    }

    private static byte[] ComputeRoot(MemoryStream hashes)
    {
        var range = new CompactRange();
        for (var at = 0; at < hashes.Length; at += TreeHash.Size)
        {
            range.Append(hashes.GetBuffer().AsSpan(at, TreeHash.Size));
        }

        return range.Root();
    }

    private static async ValueTask<List<byte[]>> ReadLeavesAsync(ReadSession session, long from, long to) => from == to
        ? []
        : await session.QueryAsync<byte[]>(
            "select leaf from events where tenant_id = @TenantId and env = @Env and seq >= @from and seq < @to order by seq",
            new { session.Scope.TenantId, session.Scope.Env, from, to });

    private IReadOnlyList<object?[]> Rows(bool isNew) =>
        [.. _tiles.Where(tile => tile.Value.IsNew == isNew).Select(tile => new object?[] { _session.Scope.TenantId, _session.Scope.Env, tile.Key.Level, tile.Key.N, tile.Value.Hashes.ToArray() })];

    private sealed class LastTile
    {
        public long N { get; init; }

        public int Length { get; init; }
    }
}
