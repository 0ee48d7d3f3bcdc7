using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Tiles contain the hashes of the leaves, and a tree read from them equals the log's tree.</summary>
public sealed class LogTreeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Tile_is_written_when_its_last_leaf_arrives(string engine)
    {
        var log = await WrittenLog.OfAsync(await NexusHost.SharedAsync(engine), 255);
        (await log.TilesAsync()).ShouldBeEmpty();
        await log.AppendAsync(1);
        (await log.TilesAsync()).ShouldBe([(0, 0, 256), (1, 0, 1)]);
        await log.AppendAsync(600);
        (await log.TilesAsync()).ShouldBe([(0, 0, 256), (0, 1, 256), (0, 2, 256), (1, 0, 3)]);
        await log.CheckAsync(856, 855, 768, 512, 257, 256, 255, 1);
    }

    [Theory, Engines]
    public async Task Concurrent_appends_produce_consistent_tiles(string engine)
    {
        var log = await WrittenLog.OfAsync(await NexusHost.SharedAsync(engine), 0);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => log.AppendAsync(1 + (i % 7))));
        await log.AppendAsync(1_000);
        await log.CheckAsync(log.Size, log.Size - 1, 1_024, 1_000, 777);
    }

    [Theory, Engines]
    public async Task Third_tile_level_starts_at_65536_leaves(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 65_530);
        (await log.TilesAsync()).Where(tile => tile.Level > 0).ShouldBe([(1, 0, 255)]);
        await log.AppendAsync(10);
        (await log.TilesAsync()).Where(tile => tile.Level > 0).ShouldBe([(1, 0, 256), (2, 0, 1)]);
        await log.AppendAsync(600);
        (await log.TilesAsync()).Where(tile => tile.Level > 0).ShouldBe([(1, 0, 256), (1, 1, 2), (2, 0, 1)]);
        await log.CheckAsync(log.Size, 66_048, 65_793, 65_537, 65_536, 65_535, 65_280, 257);
    }

    [Theory, Engines]
    public async Task Log_without_tiles_is_readable_and_backfilled(string engine)
    {
        // As an older version left it: events and a head, but no tiles. The publisher, which would backfill them, does not run.
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Log:CheckpointEvery"] = "86400" });
        var log = await WrittenLog.OfAsync(host, 70_000);
        await log.DropTilesAsync();
        await log.CheckAsync(1_000, 777);
        await log.AppendAsync(300);
        (await log.TilesAsync()).ShouldBeEmpty();
        var rounds = 1;
        for (; await host.Services.GetRequiredService<Database>()
            .WriteAsync(log.Scope, session => TileWriter.BackfillAsync(session, 100), Cancelled); rounds++)
        {
        }

        rounds.ShouldBe(3);
        (await log.TilesAsync()).Where(tile => tile.Level > 0).ShouldBe([(1, 0, 256), (1, 1, 18), (2, 0, 1)]);
        await log.AppendAsync(300);
        await log.CheckAsync(log.Size, 70_400, 65_537, 65_536, 1_000);
    }
}
