using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Erased contents leave a receipt; entries, leaves and proofs stay unchanged.</summary>
public sealed class ErasureTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Erasure_keeps_tree_and_adds_one_receipt(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 20);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var (before, _) = await admin.CheckpointAsync();
        var entries = await log.EntriesAsync();
        var stored = await StoredAsync(host, log);
        (await EraseAsync(host, log, [3, 4, 5, 9, 17, 99])).ShouldBe(5);
        (await StoredAsync(host, log)).ShouldBeLessThan(stored + 600);
        (await log.EntriesAsync())[..20].ShouldBe(entries);
        var (after, _) = await admin.CheckpointAsync();
        after.Size.ShouldBe(21);
        (await admin.IsConsistentAsync(before, after)).ShouldBeTrue();
        var events = await admin.Events();
        foreach (var erased in events.Where(recorded => recorded.Seq is 3 or 4 or 5 or 9 or 17))
        {
            (erased.AgentId, erased.Surface, erased.SubjectId).ShouldBe(("", "", null));
        }

        events[2].AgentId.ShouldBe("system");
        Caller.TypeOf(events[20]).ShouldBe("content_erased");
        events[20].Input!.Value.GetProperty("seqs").GetRawText().ShouldBe("[[3,5],[9,9],[17,17]]");
        events[20].Output!.Value.GetRawText().ShouldBe("""{"erased":5,"reason":"test"}""");
        var report = await VerifyAsync(host, log, after);
        report.Faults.ShouldBeEmpty();
        (report.Erased, report.Receipts).ShouldBe((5, 1));

        // A second run erases nothing and records nothing. Receipts are never erased.
        (await EraseAsync(host, log, [3, 4, 5, 20])).ShouldBe(0);
        (await admin.Events()).Count.ShouldBe(21);
        await using var connection = await WrittenLog.OpenAsync(host);
        (await connection.ExecuteScalarAsync<long>(
            """
            select count(*) from events where tenant_id = @TenantId and (content is null) = (salt is null)
              and (content is null) = (surface is null)
            """,
            new { log.Scope.TenantId })).ShouldBe(
            21);
    }

    [Theory, Engines]
    public async Task Verification_detects_erasure_without_receipt(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 10);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var (checkpoint, _) = await admin.CheckpointAsync();
        await using (var connection = await WrittenLog.OpenAsync(host))
        {
            // The triggers allow this statement; only the service runs it, and records a receipt.
            await connection.ExecuteAsync(
                """
                update events set content = null, salt = null, actor_id = null, subject_id = null, surface = null
                  where tenant_id = @TenantId and seq = 6
                """,
                new { log.Scope.TenantId });
        }

        var report = await VerifyAsync(host, log, checkpoint);
        var fault = report.Faults.ShouldHaveSingleItem();
        (fault.Seq, fault.Code).ShouldBe((6, "content.missing"));
    }

    [Theory, Engines]
    public async Task Retention_erases_older_contents_in_batches(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 1_200);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var limit = (await admin.Events())[^1].RecordedAt.AddMicroseconds(1);
        await log.AppendAsync(7);
        var retention = host.Services.GetRequiredService<ContentRetentionService>();
        var between = (await admin.Events())[1_200].RecordedAt;
        between.ShouldBeGreaterThanOrEqualTo(limit);
        (await retention.SweepAsync(limit.AddDays(-1), Cancelled)).ShouldBe(0);
        (await admin.Events()).Count.ShouldBe(1_207, "a sweep that erases nothing says nothing");
        (await retention.SweepAsync(limit, Cancelled)).ShouldBe(1_200);
        (await retention.SweepAsync(limit, Cancelled)).ShouldBe(0);
        var events = await admin.Events();
        events.Take(1_200).ShouldAllBe(recorded => recorded.AgentId == "");
        events.Skip(1_200).ShouldAllBe(recorded => recorded.AgentId == "system");
        events.Skip(1_207)
            .Select(recorded => recorded.Input!.Value.GetProperty("seqs").GetRawText())
            .ShouldBe(["[[0,499]]", "[[500,999]]", "[[1000,1199]]"]);
        var (checkpoint, _) = await admin.CheckpointAsync();
        (await VerifyAsync(host, log, checkpoint)).Faults.ShouldBeEmpty();

        // The receipts themselves are kept, regardless of their age.
        (await retention.SweepAsync(DateTimeOffset.MaxValue, Cancelled)).ShouldBe(7);
        (await retention.SweepAsync(DateTimeOffset.MaxValue, Cancelled)).ShouldBe(0);
        (await VerifyAsync(host, log, (await admin.CheckpointAsync()).Checkpoint)).Faults.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Retention_sweep_runs_at_startup_and_keeps_recent_contents(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 5);
        await log.TamperAsync("update events set recorded_at = recorded_at - 172800000000 where tenant_id = @TenantId and seq < 3");
        await host.StartAgainAsync(
            options =>
                options with
                {
                    Settings = new Dictionary<string, string?>(options.Settings, StringComparer.Ordinal)
                    {
                        ["Nexus:Log:ContentRetention"] = "1",
                    },
                });
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        while ((await admin.Events()).Count < 6)
        {
            await Task.Delay(20, Cancelled);
        }

        (await admin.Events()).Select(recorded => recorded.AgentId).ShouldBe(["", "", "", "system", "system", "system"]);
    }

    private static async Task<int> EraseAsync(NexusHost host, WrittenLog log, long[] seqs) =>
        await host.Services.GetRequiredService<Database>().WriteAsync(
            log.Scope,
            session =>
                host.Services.GetRequiredService<ContentEraser>()
                    .EraseAsync(session, RequestContextFactory.ForSystem("test", log.Scope), seqs, "test"),
            Cancelled);

    private static async Task<long> StoredAsync(NexusHost host, WrittenLog log) =>
        await host.Services.GetRequiredService<Database>().ReadAsync(log.Scope, UsageBatchState.GetStoredBytesAsync, Cancelled);

    /// <summary>Verifies the log as exported.</summary>
    private static async Task<ExportReport> VerifyAsync(NexusHost host, WrittenLog log, Checkpoint checkpoint)
    {
        var verifier = new ExportVerifier(checkpoint);
        var rows = await host.Services.GetRequiredService<Database>().ReadAsync(
            log.Scope,
            session =>
                session.QueryAsync<(string Entry, string? Content, byte[]? Salt)>(
                    "select entry, content, salt from events where tenant_id = @TenantId and env = @Env order by seq",
                    new { log.Scope.TenantId, log.Scope.Env }),
            Cancelled);
        foreach (var (entry, content, salt) in rows)
        {
            verifier.Add(JsonSerializer.SerializeToUtf8Bytes(new { entry, content, salt }));
        }

        return verifier.Finish();
    }
}
