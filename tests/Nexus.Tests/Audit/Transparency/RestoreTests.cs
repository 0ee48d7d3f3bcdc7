using Nexus.Merkle;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>A database restored to an earlier state is not signed as if nothing had happened.</summary>
public sealed class RestoreTests
{
    // An IP address in the log's name is not personal data and must be quoted as it was signed.
    private static readonly Dictionary<string, string?> _quiet = new(StringComparer.Ordinal)
    {
        ["Nexus:Log:CheckpointEvery"] = "86400",
        ["Nexus:PublicUrl"] = "http://203.0.113.7:5400",
    };

    [Theory, Engines]
    public async Task After_restore_nothing_is_signed_until_operator_begins_epoch(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var (log, untouched) = (await WrittenLog.OfAsync(host, 10), await WrittenLog.OfAsync(host, 4));
        await CheckpointAsync(host, untouched);
        var first = await CheckpointAsync(host, log);
        var snapshot = await Snapshot.TakeAsync(host);
        await log.AppendAsync(10);
        var last = await CheckpointAsync(host, log);
        await host.StopAsync();
        await snapshot.RestoreAsync();
        await host.StartAgainAsync();

        // The log is behind its last checkpoint at first and, after it has grown past it, a different tree.
        await RefusedAsync(host, log, "1 log is not signed: log.behind_signed");
        await log.AppendAsync(9);
        await RefusedAsync(host, log, "1 log is not signed: log.behind_signed");
        await log.AppendAsync(5);
        await RefusedAsync(host, log, "1 log is not signed: log.behind_signed");
        await RefusedAsync(host, log, "1 log is not signed: log.behind_signed");
        (await CheckpointAsync(host, untouched)).Origin.ShouldEndWith("/0");
        await host.StartAgainAsync();
        await RefusedAsync(host, log, "1 log is not signed: log.behind_signed");

        await host.StartAgainAsync(options => options with { BeginEpoch = true });
        (await host.ReadinessAsync()).ShouldBe("ready\n");
        var begun = await CheckpointAsync(host, log);
        begun.Origin.ShouldBe(last.Origin[..^1] + "1");
        begun.Size.ShouldBe(25);
        begun.Root.ToArray().ShouldBe(SlowTree.MTH(await log.EntriesAsync()));
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        (await admin.IsConsistentAsync(first, begun)).ShouldBeTrue("what the restore kept is the same tree");
        var started = (await admin.Events())[^1];
        Caller.TypeOf(started).ShouldBe("log_epoch_started");
        started.Output!.Value.GetProperty("epoch").GetInt64().ShouldBe(1);
        var told = SignedNote.Parse(started.Input!.Value.GetProperty("checkpoint").GetString()!);
        Checkpoint.Open(told, await admin.KeysAsync()).ShouldBe(last);
        (await CheckpointAsync(host, untouched)).Origin.ShouldEndWith("/0");

        // The option starts an epoch once; given again, it changes nothing.
        await host.StartAgainAsync(options => options with { BeginEpoch = true });
        (await CheckpointAsync(host, log)).ShouldBe(begun);
        await log.AppendAsync(3);
        (await CheckpointAsync(host, log)).Origin.ShouldEndWith("/1");
    }

    [Theory, Engines]
    public async Task Log_missing_from_restored_database_needs_new_epoch(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var snapshot = await Snapshot.TakeAsync(host);
        var log = await WrittenLog.OfAsync(host, 3);
        var last = await CheckpointAsync(host, log);
        await host.StopAsync();
        await snapshot.RestoreAsync();
        await host.StartAgainAsync();
        await host.PublishAsync();
        await RefusedAsync(host, log, "1 log is not signed: log.behind_signed");
        await host.StartAgainAsync(options => options with { BeginEpoch = true });
        var begun = await CheckpointAsync(host, log);
        (begun.Origin, begun.Size).ShouldBe((last.Origin[..^1] + "1", 1));
    }

    [Theory, Engines]
    public async Task Repeated_restore_starts_another_epoch(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 3);
        var snapshot = await Snapshot.TakeAsync(host);
        var origins = new List<string>();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            await log.AppendAsync(2 + epoch);
            origins.Add((await CheckpointAsync(host, log)).Origin);
            await host.StopAsync();
            await snapshot.RestoreAsync();
            await host.StartAgainAsync(options => options with { BeginEpoch = true });
        }

        origins.Select(origin => origin[^1]).ShouldBe(['0', '1', '2']);
        (await CheckpointAsync(host, log)).Origin.ShouldEndWith("/3");
    }

    [Theory, Engines]
    public async Task Restore_that_lost_no_signed_events_stays_in_epoch(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 300);
        var before = await CheckpointAsync(host, log);
        var snapshot = await Snapshot.TakeAsync(host);
        await log.AppendAsync(10);
        await host.StopAsync();
        await snapshot.RestoreAsync();
        await host.StartAgainAsync();
        await log.AppendAsync(1);
        var after = await CheckpointAsync(host, log);
        (after.Origin, after.Size).ShouldBe((before.Origin, 301));
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        (await admin.IsConsistentAsync(before, after)).ShouldBeTrue();
    }

    [Fact]
    public async Task Node_adopts_epoch_begun_on_other_node()
    {
        await using var first = await NexusHost.StartAsync("postgres", _quiet);
        await using var second = await first.StartSecondNodeAsync();
        var log = await WrittenLog.OfAsync(first, 3);
        await first.PublishAsync();
        await second.PublishAsync();
        await second.StopAsync();
        var snapshot = await Snapshot.TakeAsync(first);
        await log.AppendAsync(4);
        await CheckpointAsync(first, log);
        await first.StopAsync();
        await snapshot.RestoreAsync();
        await first.StartAgainAsync(options => options with { BeginEpoch = true });
        await second.StartAgainAsync();
        var here = await CheckpointAsync(first, log);
        (await CheckpointAsync(second, log)).ShouldBe(here);
        here.Origin.ShouldEndWith("/1");
    }

    private static async Task<Checkpoint> CheckpointAsync(NexusHost host, WrittenLog log)
    {
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        return (await admin.CheckpointAsync()).Checkpoint;
    }

    private static async Task RefusedAsync(NexusHost host, WrittenLog log, string degraded)
    {
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var refusal = (await admin.Get("/audit/checkpoint")).Refused(503, "log.behind_signed");
        refusal["Retry-After"].ShouldNotBeNull();
        (await host.ReadinessAsync()).ShouldBe($"ready\ndegraded: {degraded}\n");
    }
}
