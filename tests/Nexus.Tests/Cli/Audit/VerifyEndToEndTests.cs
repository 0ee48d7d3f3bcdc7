using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Nexus.Tests.Audit.Transparency;

namespace Nexus.Tests.Cli.Audit;

/// <summary>
/// <c>nexus audit verify URL</c> against the real server: an officer who keeps a checkpoint, and an operator who changes the database.
/// </summary>
public sealed class VerifyEndToEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Log_verifies_from_saved_checkpoint_and_offline(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 300);
        using var officer = Officer(host, log);
        var (kept, keys) = (Path.Combine(officer.Folder, "kept.note"), Path.Combine(officer.Folder, "keys.pem"));
        (await officer.RunAsync("audit", "keys", "--out", keys)).Exit.ShouldBe(0);
        (await VerifyAsync(officer, "--keys", keys, "--save", kept)).Error.ShouldBe(
            "nexus: warning: No saved checkpoint given: the log is only consistent with itself. Save today's checkpoint with --save and "
            + "pass it with --checkpoint next time.\n"
            + "nexus: warning: The last 1 events are newer than every given checkpoint: no signature covers them yet.\n");
        await log.AppendAsync(57);
        var (exit, report, error) = await VerifyAsync(officer, "--keys", keys, "--checkpoint", kept, "--save", kept);
        exit.ShouldBe(0, error);
        report.GetProperty("held_against").EnumerateArray().Select(held => held.GetProperty("size").GetInt64()).ShouldBe([300, 358]);
        report.GetProperty("events").GetInt64().ShouldBe(359);

        var (export, proof) = (Path.Combine(officer.Folder, "export.ndjson"), Path.Combine(officer.Folder, "257.tlog-proof"));
        (await officer.RunAsync("audit", "export", "--out", export)).Exit.ShouldBe(0);
        (await officer.RunAsync("audit", "proof", "257", "--out", proof)).Exit.ShouldBe(0);
        (await officer.RunAsync("audit", "proof", "1000000")).Exit.ShouldBe(4);
        foreach (var args in (string[][])[[export, "--checkpoint", kept], [proof, "--entry", export]])
        {
            var run = await officer.RunAsync(["audit", "verify", "--keys", keys, .. args]);
            run.Exit.ShouldBe(0, run.Error + run.Out);
        }

        officer.Variables["NEXUS_ENV"] = "dev";
        (await VerifyAsync(officer, "--keys", keys)).Exit.ShouldBe(0);
        (await VerifyAsync(officer, "--keys", keys, "--checkpoint", kept)).Report.GetProperty("faults")[0].GetProperty("code")
            .GetString()
            .ShouldBe("checkpoint.foreign");
    }

    [Theory, Engines]
    public async Task Erased_content_verifies_only_with_receipt(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 12);
        using var officer = Officer(host, log);
        var erased = host.Services.GetRequiredService<ContentEraser>();
        await host.Services.GetRequiredService<Database>().WriteAsync(
            log.Scope,
            session => erased.EraseAsync(session, RequestContextFactory.ForSystem("test", log.Scope), [2, 3, 4, 9], "test"),
            Cancellation);
        var (exit, report, error) = await VerifyAsync(officer);
        exit.ShouldBe(0, error);
        (report.GetProperty("erased").GetInt64(), report.GetProperty("receipts").GetInt64()).ShouldBe((4, 1));
        await log.TamperAsync("update events set content = null, salt = null where tenant_id = @TenantId and seq in (5, 6)");
        (exit, report, error) = await VerifyAsync(officer);
        exit.ShouldBe(6, error);
        Faults(report).ShouldBe(["content.missing 5"]);
    }

    [Theory, Engines]
    public async Task Event_modified_in_database_is_detected(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 12);
        using var officer = Officer(host, log);
        var kept = Path.Combine(officer.Folder, "kept.note");
        (await VerifyAsync(officer, "--save", kept)).Exit.ShouldBe(0);
        await log.TamperAsync(
            """update events set content = replace(content, '"surface":"nexus"', '"surface":"other"') where tenant_id = @TenantId and seq = 7""");
        var (exit, report, error) = await VerifyAsync(officer, "--checkpoint", kept);
        exit.ShouldBe(6, error);
        Faults(report).ShouldBe(["content.changed 7"]);
        await log.TamperAsync(
            """update events set entry = replace(entry, '"event_type":"tested"', '"event_type":"denied"') where tenant_id = @TenantId and seq = 3""");
        (exit, report, error) = await VerifyAsync(officer, "--checkpoint", kept);
        exit.ShouldBe(6, error);
        Faults(report).ShouldContain("content.changed 7");
        Faults(report).ShouldContain("checkpoint.root");
    }

    [Theory, Engines]
    public async Task Log_restored_from_older_backup_is_detected(string engine)
    {
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Log:CheckpointEvery"] = "86400" });
        var log = await WrittenLog.OfAsync(host, 6);
        var early = "";
        using (var officer = Officer(host, log))
        {
            (await officer.RunAsync("audit", "checkpoint", "--out", Path.Combine(officer.Folder, "early.note"))).Exit.ShouldBe(0);
            early = await File.ReadAllTextAsync(Path.Combine(officer.Folder, "early.note"), Cancellation);
        }

        var snapshot = await Snapshot.TakeAsync(host);
        await log.AppendAsync(4);
        string late;
        using (var officer = Officer(host, log))
        {
            late = (await officer.RunAsync("audit", "checkpoint")).Out;
        }

        await host.StopAsync();
        await snapshot.RestoreAsync();
        await host.StartAgainAsync();
        using (var officer = Officer(host, log))
        {
            Faults((await VerifyAsync(officer, "--checkpoint", officer.Write("early.note", early))).Report).ShouldBe(["log.behind_signed"]);
        }

        await host.StartAgainAsync(options => options with { BeginEpoch = true });
        await log.AppendAsync(9);
        using (var officer = Officer(host, log))
        {
            var (exit, _, error) = await VerifyAsync(officer, "--checkpoint", officer.Write("early.note", early));
            exit.ShouldBe(0, error);
            error.ShouldContain("The log began a new epoch");
            error.ShouldContain("10 entries had been signed before");
            var (broken, report, _) = await VerifyAsync(officer, "--checkpoint", officer.Write("late.note", late));
            broken.ShouldBe(6);
            Faults(report).ShouldBe(["log.rewritten", "checkpoint.root"]);
        }
    }

    private static CommandRun Officer(NexusHost host, WrittenLog log)
    {
        var officer = new CommandRun();
        officer.Variables["NEXUS_SERVER"] = host.Address.AbsoluteUri;
        officer.Variables["NEXUS_TOKEN"] = TrustedToken.Mint("u_officer", (log.Scope.TenantId, "admin"));
        officer.Variables["NEXUS_TENANT"] = log.Scope.TenantId;
        return officer;
    }

    private static async Task<(int Exit, JsonElement Report, string Error)> VerifyAsync(CommandRun officer, params string[] args)
    {
        var (exit, output, error) = await officer.RunAsync(["audit", "verify", "--json", .. args]);
        output.ShouldNotBeEmpty(error);
        return (exit, JsonElement.Parse(output), error);
    }

    private static List<string> Faults(JsonElement report) =>
        [.. report.GetProperty("faults")
            .EnumerateArray()
            .Select(fault => $"{fault.GetProperty("code").GetString()} {fault.GetProperty("seq")}".TrimEnd())];
}
