using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Nexus.Merkle;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Cli.Audit;

/// <summary><c>nexus audit verify URL</c> against servers that lie; the real one cannot be brought to.</summary>
public sealed class VerifyUntrustedServerTests : IAsyncDisposable
{
    private readonly CommandRun _command = new();
    private readonly LogKey _key = LogKey.Create();
    private readonly TestLog _before = new TestLog(6);
    private StubServer? _server;

    // What the server answers with.
    private TestLog _log = new TestLog(10);
    private string? _note;
    private int _proofStatus = StatusCodes.Status200OK;
    private bool _abortsExport;

    private string Saved => _command.Write("saved.note", _before.Checkpoint(6).Sign(_key).ToString());

    private string Keys => _command.Write("keys.pem", LogKey.ToPem(_key));

    [Fact]
    public async Task Log_consistent_with_saved_checkpoint_verifies_and_saves_new_one()
    {
        var kept = Path.Combine(_command.Folder, "kept.note");
        var (exit, report, error) = await VerifyAsync("--keys", Keys, "--checkpoint", Saved, "--save", kept);
        exit.ShouldBe(0, error);
        error.ShouldBeEmpty();
        report.GetProperty("held_against").EnumerateArray().Select(held => held.GetProperty("size").GetInt64()).ShouldBe([6, 10]);
        (await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).ShouldBe(_note);
        (exit, _, error) = await VerifyAsync("--keys", Keys, "--checkpoint", kept, "--save", kept);
        exit.ShouldBe(0, error);
        error.ShouldContain("warning: The log has not grown since the checkpoint was saved.");
    }

    [Fact]
    public async Task Saved_checkpoint_is_not_overwritten_without_verification()
    {
        var kept = Saved;
        var before = await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken);
        var run = await RunAsync("--keys", Keys, "--save", kept);
        (run.Exit, run.Error.Contains("client.usage", StringComparison.Ordinal)).ShouldBe((2, true), run.Error);
        (await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).ShouldBe(before);
        (await RunAsync("--keys", Keys, "--entry", kept)).Exit.ShouldBe(2);
    }

    [Theory]
    [InlineData("prod", "staging", false)]
    [InlineData("prod", "PROD", true)]
    [InlineData("staging", "stage", true)]
    [InlineData("staging", "Staging", true)]
    [InlineData("staging", "prod", false)]
    public async Task Env_is_normalized_as_by_server(string signed, string asked, bool holds)
    {
        // The export's events are of prod; here it is the checkpoint that counts.
        _note = _log.Checkpoint(10, $"log.example/t_acme/{signed}/0").Sign(_key).ToString();
        var (_, report, error) = await VerifyAsync("--keys", Keys, "--env", asked);
        report.GetProperty("faults")
            .EnumerateArray()
            .Any(fault => fault.GetProperty("message").GetString()!.StartsWith("The server returned", StringComparison.Ordinal))
            .ShouldBe(!holds, error);
    }

    [Fact]
    public async Task Keys_fetched_from_server_give_warning()
    {
        var (exit, _, error) = await VerifyAsync();
        exit.ShouldBe(0, error);
        error.ShouldContain($"warning: The keys ({_key.Id:x8}) come from the server itself.");
        error.ShouldContain("warning: No saved checkpoint given");
    }

    [Fact]
    public async Task Truncated_log_is_detected() =>
        await ShouldFailAsync("log.shrunk", () => _log = new TestLog(5), more: ["export.short"]);

    [Fact]
    public async Task Rewritten_log_is_detected_and_saved_checkpoint_kept() =>
        await ShouldFailAsync(
            "log.rewritten",
            () => _log = new TestLog(3).Add("forged", []).Add("card_created", []).Add("a", []).Add("b", []),
            more: ["checkpoint.root"]);

    [Fact]
    public async Task Missing_consistency_proof_is_detected() =>
        await ShouldFailAsync("log.rewritten", () => _proofStatus = StatusCodes.Status404NotFound);

    [Fact]
    public async Task Export_not_matching_signed_checkpoint_is_detected() =>
        await ShouldFailAsync(
            "log.rewritten",
            () => _note = new TestLog(9).Add("forged", []).Checkpoint(10).Sign(_key).ToString(),
            more: ["checkpoint.root"]);

    [Fact]
    public async Task Checkpoint_of_other_tenant_or_log_is_rejected()
    {
        await ShouldFailAsync("checkpoint.foreign", () => _note = _log.Checkpoint(10, "log.example/t_other/prod/0").Sign(_key).ToString());
        await ShouldFailAsync("checkpoint.foreign", () => _note = _log.Checkpoint(10, "other.example/t_acme/prod/0").Sign(_key).ToString());
    }

    [Fact]
    public async Task Checkpoint_signed_with_other_key_is_rejected()
    {
        using var other = LogKey.Create();
        await ShouldFailAsync("checkpoint.signature", () => _note = _log.Checkpoint(10).Sign(other).ToString());
    }

    [Fact]
    public async Task New_epoch_is_reported_and_rejected_if_it_dropped_entries()
    {
        _log = new TestLog(7).Add("log_epoch_started", new JsonObject { ["checkpoint"] = _before.Checkpoint(6).Sign(_key).ToString() });
        _note = _log.Checkpoint(8, "log.example/t_acme/prod/1").Sign(_key).ToString();
        var (exit, _, error) = await VerifyAsync("--keys", Keys, "--checkpoint", Saved);
        exit.ShouldBe(0, error);
        error.ShouldContain("the log is now log.example/t_acme/prod/1");
        error.ShouldContain("The log began a new epoch at event 7");
        await ShouldFailAsync(
            "log.rewritten",
            () =>
            {
                _log = new TestLog(4).Add(
                    "log_epoch_started",
                    new JsonObject { ["checkpoint"] = _before.Checkpoint(6).Sign(_key).ToString() })
                    .Add("a", [])
                    .Add("b", []);
                _note = _log.Checkpoint(7, "log.example/t_acme/prod/1").Sign(_key).ToString();
            },
            more: ["checkpoint.root"]);
    }

    [Fact]
    public async Task Malformed_checkpoint_or_truncated_export_exits_5()
    {
        _note = "<html>\n";
        var run = await RunAsync("--keys", Keys);
        (run.Exit, run.Error.Contains("client.answer_unreadable", StringComparison.Ordinal)).ShouldBe((5, true), run.Error);
        _note = null;
        _abortsExport = true;
        run = await RunAsync("--keys", Keys);
        run.Exit.ShouldBe(5, run.Error);
        run.Out.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        _command.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task ShouldFailAsync(string code, Action change, string[]? more = null)
    {
        var (keys, saved) = (Keys, Saved);
        (_log, _note) = (new TestLog(10), null);
        change();
        var before = await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken);
        var (exit, report, error) = await VerifyAsync("--keys", keys, "--checkpoint", saved, "--save", saved);
        exit.ShouldBe(6, error);
        report.GetProperty("faults")
            .EnumerateArray()
            .Select(fault => fault.GetProperty("code").GetString())
            .ShouldBe([code, .. more ?? []]);
        (await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    private async Task<(int Exit, JsonElement Report, string Error)> VerifyAsync(params string[] args)
    {
        var (exit, output, error) = await RunAsync([.. args, "--json"]);
        output.ShouldNotBeEmpty(error);
        return (exit, JsonElement.Parse(output), error);
    }

    private async Task<(int Exit, string Out, string Error)> RunAsync(params string[] args)
    {
        _server ??= await StubServer.StartAsync(Map);
        _note ??= _log.Checkpoint(_log.Lines.Count).Sign(_key).ToString();
        return await _command.RunAsync(["audit", "verify", _server.Address.AbsoluteUri, "--token", "t", "--tenant", "t_acme", .. args]);
    }

    private void Map(WebApplication app)
    {
        app.MapGet("/.well-known/log-keys.pem", () => LogKey.ToPem(_key));
        app.MapGet("/audit/checkpoint", () => _note);
        app.MapGet("/audit/export", async context =>
        {
            var export = _log.Export();
            await context.Response.Body.WriteAsync(export.AsMemory(0, _abortsExport ? export.Length / 2 : export.Length));
            if (_abortsExport)
            {
                await context.Response.Body.FlushAsync();
                context.Abort();
            }
        });
        app.MapGet("/audit/proof/consistency", (int from, int to) => _proofStatus != StatusCodes.Status200OK
            ? Results.StatusCode(_proofStatus)
            : Results.Text(
                new JsonObject
                {
                    ["from"] = from, ["to"] = to, ["from_root"] = Base64(
                        SlowTree.MTH(_log.Entries[..from])), ["to_root"] = Base64(SlowTree.MTH(_log.Entries[..to])),
                    ["hashes"] = new JsonArray([.. SlowTree.PROOF(from, _log.Entries[..to]).Select(hash => (JsonNode)Base64(hash))]),
                }.ToJsonString(),
                "application/json"));
    }

    private static string Base64(byte[] hash) => Convert.ToBase64String(hash);
}
