using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Transparency;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>What is signed, and that it never goes back.</summary>
public sealed class CheckpointTests
{
    private static readonly Dictionary<string, string?> _quiet = new(StringComparer.Ordinal)
    {
        ["Nexus:Log:CheckpointEvery"] = "86400",
        ["Nexus:PublicUrl"] = "https://Nexus.example:8443/base/",
    };

    [Theory, Engines]
    public async Task Checkpoint_covers_current_log_and_is_signed_by_served_key(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 0);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var (empty, _) = await admin.CheckpointAsync();
        (empty.Origin, empty.Size).ShouldBe(($"nexus.example:8443/base/{log.Scope.TenantId}/prod/0", 0));
        empty.Root.ToArray().ShouldBe(SlowTree.MTH([]));
        var before = empty;
        foreach (var more in new[] { 1, 1, 3, 250, 1, 1, 744 })
        {
            await log.AppendAsync(more);
            var (checkpoint, note) = await admin.CheckpointAsync();
            checkpoint.Size.ShouldBe(log.Size);
            checkpoint.Root.ToArray().ShouldBe(SlowTree.MTH(await log.EntriesAsync()));
            note.Signatures.ShouldHaveSingleItem().Name.ShouldBe(checkpoint.Origin);
            (await admin.IsConsistentAsync(before, checkpoint)).ShouldBeTrue();
            (await admin.CheckpointAsync()).Note.ToString().ShouldBe(note.ToString(), "one size has one note");
            before = checkpoint;
        }
    }

    [Theory, Engines]
    public async Task Origin_and_key_survive_restart(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 5);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var (before, note) = await admin.CheckpointAsync();
        await host.StartAgainAsync(
            options =>
                options with
                {
                    Settings = new Dictionary<string, string?>(options.Settings, StringComparer.Ordinal)
                    {
                        ["Nexus:PublicUrl"] = "https://elsewhere.example",
                    },
                });
        using var after = admin.On(host);
        (await after.CheckpointAsync()).Note.ToString().ShouldBe(note.ToString());
        await log.AppendAsync(5);
        var (later, _) = await after.CheckpointAsync();
        later.Origin.ShouldBe(before.Origin);
        (await after.IsConsistentAsync(before, later)).ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task Publisher_signs_only_logs_that_grew(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 7);
        var other = await WrittenLog.OfAsync(host, 1);
        await host.PublishAsync();
        await host.PublishAsync();
        await log.AppendAsync(2);
        await host.PublishAsync();
        await using var connection = await WrittenLog.OpenAsync(host);
        (await connection.QueryAsync<long>(
            "select size from log_checkpoints where tenant_id = @TenantId order by signed_at",
            new { log.Scope.TenantId })).ShouldBe(
            [7, 9]);
        (await connection.QueryAsync<long>(
            "select size from log_checkpoints where tenant_id = @TenantId order by signed_at",
            new { other.Scope.TenantId })).ShouldBe(
            [1]);
        new SignedCheckpointFolder(Path.Combine(host.Folder, "signed")).FindLast(log.Scope)!.Size.ShouldBe(9);
    }

    [Theory, Engines]
    public async Task Concurrent_checkpoints_never_shrink_and_each_size_has_one_root(string engine)
    {
        await using var first = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Log:CheckpointEvery"] = "1" });
        await using var second = engine == "postgres" ? await first.StartSecondNodeAsync() : null;
        var log = await WrittenLog.OfAsync(first, 1);
        using var here = Caller.Create(first, "admin", log.Scope.TenantId);
        using var there = here.On(second ?? first);
        var seen = new List<Checkpoint>();
        using var done = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!done.IsCancellationRequested)
            {
                await log.AppendAsync(3);
            }
        }));
        await Task.WhenAll(new[] { here, here, there, there }.Select(async caller =>
        {
            Checkpoint? before = null;
            for (var i = 0; i < 25; i++)
            {
                var (checkpoint, _) = await caller.CheckpointAsync();
                checkpoint.Size.ShouldBeGreaterThanOrEqualTo(before?.Size ?? 0);
                before = checkpoint;
                lock (seen)
                {
                    seen.Add(checkpoint);
                }
            }
        }));
        await done.CancelAsync();
        await writing;
        seen.DistinctBy(checkpoint => checkpoint.ToString()).Count().ShouldBe(seen.DistinctBy(checkpoint => checkpoint.Size).Count());
        var entries = await log.EntriesAsync();
        foreach (var checkpoint in seen.DistinctBy(checkpoint => checkpoint.Size))
        {
            checkpoint.Root.ToArray().ShouldBe(SlowTree.MTH(entries[..(int)checkpoint.Size]));
        }

        await using var connection = await WrittenLog.OpenAsync(first);
        var stored = (await connection.QueryAsync<(long Size, string Note)>(
            "select size, note from log_checkpoints where tenant_id = @TenantId order by signed_at, size",
            new { log.Scope.TenantId })).ToList();
        stored.Select(row => row.Size).ShouldBe(stored.Select(row => row.Size).Order());
        stored.Count.ShouldBe(stored.DistinctBy(row => row.Size).Count());
    }

    [Fact]
    public async Task Each_node_stores_checkpoints_signed_by_other_node()
    {
        await using var first = await NexusHost.StartAsync("postgres", _quiet);
        await using var second = await first.StartSecondNodeAsync();
        var log = await WrittenLog.OfAsync(first, 5);
        await first.PublishAsync();
        await second.PublishAsync();
        var (here, there) = (
            new SignedCheckpointFolder(Path.Combine(first.Folder, "signed")),
            new SignedCheckpointFolder(Path.Combine(second.Folder, "signed")));
        there.FindLast(log.Scope).ShouldBe(here.FindLast(log.Scope));
        await log.AppendAsync(300);
        await second.PublishAsync();
        await log.AppendAsync(300);
        await first.PublishAsync();
        here.FindLast(log.Scope)!.Size.ShouldBe(605);
        there.FindLast(log.Scope)!.Size.ShouldBe(305);
        await second.PublishAsync();
        there.FindLast(log.Scope).ShouldBe(here.FindLast(log.Scope));
    }

    [Theory, Engines]
    public async Task Tampered_events_are_not_signed(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 20);
        var healthy = await WrittenLog.OfAsync(host, 1);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        await admin.CheckpointAsync();
        await log.AppendAsync(20);
        await log.TamperAsync("update events set entry = replace(entry, 'tested', 'forged') where tenant_id = @TenantId and seq = 30");
        var refusal = (await admin.Get("/audit/checkpoint")).Refused(503, "log.inconsistent");
        refusal["Retry-After"].ShouldNotBeNull();
        (await host.ReadinessAsync()).ShouldBe("ready\ndegraded: 1 log is not signed: log.inconsistent\n");
        await host.PublishAsync();
        using var other = Caller.Create(host, "admin", healthy.Scope.TenantId);
        (await other.CheckpointAsync()).Checkpoint.Size.ShouldBe(1);
        await log.TamperAsync("update events set entry = replace(entry, 'forged', 'tested') where tenant_id = @TenantId and seq = 30");
        (await admin.CheckpointAsync()).Checkpoint.Size.ShouldBe(40);
        (await host.ReadinessAsync()).ShouldBe("ready\n");
    }

    [Theory, Engines]
    public async Task Checkpoint_is_withheld_when_signed_folder_is_not_writable(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 1);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var signed = Path.Combine(host.Folder, "signed", log.Scope.TenantId);
        Directory.CreateDirectory(Path.GetDirectoryName(signed)!);
        await File.WriteAllTextAsync(signed, "in the way", TestContext.Current.CancellationToken);
        (await admin.Get("/audit/checkpoint")).Refused(503, "unavailable");
        (await admin.Colleague("member").Post()).Ok();
        File.Delete(signed);
        (await admin.CheckpointAsync()).Checkpoint.Size.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Tampered_signed_folder_stops_signing(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _quiet);
        var log = await WrittenLog.OfAsync(host, 3);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var (checkpoint, _) = await admin.CheckpointAsync();
        var file = Directory.GetFiles(Path.Combine(host.Folder, "signed", log.Scope.TenantId, "prod")).ShouldHaveSingleItem();
        File.Move(file, file.Replace("3-", "2-", StringComparison.Ordinal));
        await log.AppendAsync(1);
        (await admin.Get("/audit/checkpoint")).Refused(503, "unavailable");
        File.Move(file.Replace("3-", "2-", StringComparison.Ordinal), file);
        (await admin.IsConsistentAsync(checkpoint, (await admin.CheckpointAsync()).Checkpoint)).ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task Published_checkpoints_cannot_be_changed_or_removed(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 3);
        await host.Services.GetRequiredService<CheckpointSigner>().SignAsync(log.Scope, TestContext.Current.CancellationToken);
        await using var connection = await WrittenLog.OpenAsync(host);
        const string Columns = "tenant_id, env, epoch, size, key_number, note, signed_at";
        foreach (var statement in new[]
        {
            "update log_checkpoints set note = 'other' where tenant_id = @TenantId",
            "update log_checkpoints set size = 2 where tenant_id = @TenantId",
            "delete from log_checkpoints where tenant_id = @TenantId",
            engine == "sqlite"
                ? $"insert or replace into log_checkpoints ({Columns}) select {Columns} from log_checkpoints where tenant_id = @TenantId"
                : "truncate log_checkpoints",
        })
        {
            var failure = await Should.ThrowAsync<System.Data.Common.DbException>(
                async () => await connection.ExecuteAsync(statement, new { log.Scope.TenantId }),
                statement);
            failure.Message.ShouldContain("append-only", Case.Insensitive, statement);
        }
    }
}
