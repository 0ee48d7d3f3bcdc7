using Nexus.Merkle;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Writes a log's tiles. They form a prefix of the log: a tile of level 0 is written once it is full and all tiles before it
/// exist. Each full tile adds its root to a tile of the level above, in the same transaction. Logs written before tiles existed
/// are filled in by <see cref="BackfillAsync"/>; until then proofs read leaves.
/// </summary>
internal sealed class TileWriter
{
    /// <summary>The number of hashes in a full tile.</summary>
    public const int Width = 256;

    /// <summary>The size of a full tile in bytes.</summary>
    public const int FullSize = Width * TreeHash.Size;

    /// <summary>Inserts a new tile.</summary>
    public const string InsertSql = "insert into log_tiles (tenant_id, env, level, n, hashes) values ($1, $2, $3, $4, $5)";

    /// <summary>Updates a tile that has grown.</summary>
    public const string UpdateSql = "update log_tiles set hashes = $5 where tenant_id = $1 and env = $2 and level = $3 and n = $4";

    private readonly WriteSession _session;
    private readonly Dictionary<(int Level, long N), (MemoryStream Hashes, bool IsNew)> _tiles = [];

    private TileWriter(WriteSession session) => _session = session;

    /// <summary>The rows for <see cref="InsertSql"/>.</summary>
    public IReadOnlyList<object?[]> InsertRows => Rows(isNew: true);

    /// <summary>The rows for <see cref="UpdateSql"/>.</summary>
    public IReadOnlyList<object?[]> UpdateRows => Rows(isNew: false);

    /// <summary>Creates the tiles that new leaves complete. Returns null if they complete none.</summary>
    /// <param name="session">A transaction that holds the lock on the log's head.</param>
    /// <param name="before">The number of leaves before.</param>
    /// <param name="leaves">The new leaves. Their rows need not exist yet.</param>
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

    /// <summary>Writes tiles that an older version of the service did not write.</summary>
    /// <param name="most">The maximum number of level 0 tiles to write.</param>
    /// <returns>Whether more tiles are missing.</returns>
    public static async ValueTask<bool> BackfillAsync(WriteSession session, int most)
    {
        var size = await LogHeads.GetSizeAsync(session);
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

    /// <summary>
    /// Returns the number of a log's level 0 tiles, computed from the last tile of level 1, to which each has added its root.
    /// </summary>
    public static async ValueTask<long> CountAsync(ReadSession session)
    {
        var last = await session.FirstOrDefaultAsync<LastTile>(
            """
            select n as N, length(hashes) as Length from log_tiles where tenant_id = @TenantId and env = @Env and level = 1
              order by n desc limit 1
            """,
            new { session.Scope.TenantId, session.Scope.Env });
        return last is null ? 0 : (last.N * Width) + (last.Length / TreeHash.Size);
    }

    private ValueTask<long> CountAsync() => CountAsync(_session);

    /// <summary>
    /// Adds a full tile of level 0. Returns false if leaves are missing. That does not fail the write; signing reports it.
    /// </summary>
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

    /// <summary>Adds the root of a full tile to the level above, and continues upwards if that tile is full.</summary>
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
        [.. _tiles.Where(tile => tile.Value.IsNew == isNew)
            .Select(
                tile =>
                    new object?[]
                    {
                        _session.Scope.TenantId,
                        _session.Scope.Env,
                        tile.Key.Level,
                        tile.Key.N,
                        tile.Value.Hashes.ToArray(),
                    })];

    private sealed class LastTile
    {
        public long N { get; init; }

        public int Length { get; init; }
    }
}
