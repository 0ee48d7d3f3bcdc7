using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Nexus.Merkle;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Cli.Audit;

/// <summary><c>nexus audit verify URL</c> against servers that lie; the real one cannot be brought to.</summary>
public sealed class VerifyLiveTests : IAsyncDisposable
{
    private readonly CommandRun _command = new();
    private readonly LogKey _key = LogKey.Create();
    private readonly TestLog _before = new TestLog(6);
    private WireServer? _server;

    // What the server answers with.
    private TestLog _log = new TestLog(10);
    private string? _note;
    private int _proofStatus = StatusCodes.Status200OK;
    private bool _breaksOff;

    private string Saved => _command.Write("saved.note", _before.Checkpoint(6).Sign(_key).ToString());

    private string Keys => _command.Write("keys.pem", LogKey.ToPem(_key));

    [Fact]
    public async Task A_log_that_follows_from_what_was_kept_holds_and_its_checkpoint_is_kept()
    {
        var kept = Path.Combine(_command.Folder, "kept.note");
        var (exit, report, error) = await VerifyAsync("--keys", Keys, "--checkpoint", Saved, "--save", kept);
        exit.ShouldBe(0, error);
        error.ShouldBeEmpty();
        report.GetProperty("held_against").EnumerateArray().Select(held => held.GetProperty("size").GetInt64()).ShouldBe([6, 10]);
        (await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).ShouldBe(_note);
        (exit, _, error) = await VerifyAsync("--keys", Keys, "--checkpoint", kept, "--save", kept);
        exit.ShouldBe(0, error);
        error.ShouldContain("warning: The log has not grown since the checkpoint was kept.");
    }

    [Fact]
    public async Task A_kept_checkpoint_is_not_replaced_before_the_log_was_held_against_it()
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
    public async Task An_env_is_named_as_the_service_takes_it(string signed, string asked, bool holds)
    {
        // The export's events are of prod; here it is the checkpoint that counts.
        _note = _log.Checkpoint(10, $"log.example/t_acme/{signed}/0").Sign(_key).ToString();
        var (_, report, error) = await VerifyAsync("--keys", Keys, "--env", asked);
        report.GetProperty("faults").EnumerateArray().Any(fault => fault.GetProperty("message").GetString()!.StartsWith("The server answered", StringComparison.Ordinal)).ShouldBe(!holds, error);
    }

    [Fact]
    public async Task Keys_of_the_server_are_its_own_word()
    {
        var (exit, _, error) = await VerifyAsync();
        exit.ShouldBe(0, error);
        error.ShouldContain($"warning: The keys ({_key.Id:x8}) are the server's own word.");
        error.ShouldContain("warning: No checkpoint from before was given");
    }

    [Fact]
    public async Task A_log_that_lost_its_end_is_refused() => await BreaksAsync("log.shrunk", () => _log = new TestLog(5), more: ["export.short"]);

    [Fact]
    public async Task A_log_that_was_written_anew_is_refused_and_the_kept_checkpoint_stays() =>
        await BreaksAsync("log.rewritten", () => _log = new TestLog(3).Add("forged", []).Add("card_created", []).Add("a", []).Add("b", []), more: ["checkpoint.root"]);

    [Fact]
    public async Task A_log_that_cannot_prove_what_it_signed_is_refused() => await BreaksAsync("log.rewritten", () => _proofStatus = StatusCodes.Status404NotFound);

    [Fact]
    public async Task An_export_of_another_log_than_the_signed_one_is_refused() =>
        await BreaksAsync("log.rewritten", () => _note = new TestLog(9).Add("forged", []).Checkpoint(10).Sign(_key).ToString(), more: ["checkpoint.root"]);

    [Fact]
    public async Task A_checkpoint_of_another_tenant_or_log_is_refused()
    {
        await BreaksAsync("checkpoint.foreign", () => _note = _log.Checkpoint(10, "log.example/t_other/prod/0").Sign(_key).ToString());
        await BreaksAsync("checkpoint.foreign", () => _note = _log.Checkpoint(10, "other.example/t_acme/prod/0").Sign(_key).ToString());
    }

    [Fact]
    public async Task A_checkpoint_signed_by_another_key_is_refused()
    {
        using var other = LogKey.Create();
        await BreaksAsync("checkpoint.signature", () => _note = _log.Checkpoint(10).Sign(other).ToString());
    }

    [Fact]
    public async Task A_new_epoch_that_kept_everything_is_told_and_one_that_did_not_is_refused()
    {
        _log = new TestLog(7).Add("log_epoch_started", new JsonObject { ["checkpoint"] = _before.Checkpoint(6).Sign(_key).ToString() });
        _note = _log.Checkpoint(8, "log.example/t_acme/prod/1").Sign(_key).ToString();
        var (exit, _, error) = await VerifyAsync("--keys", Keys, "--checkpoint", Saved);
        exit.ShouldBe(0, error);
        error.ShouldContain("the log is log.example/t_acme/prod/1 now");
        error.ShouldContain("At 7 the log began a new epoch");
        await BreaksAsync(
            "log.rewritten",
            () =>
            {
                _log = new TestLog(4).Add("log_epoch_started", new JsonObject { ["checkpoint"] = _before.Checkpoint(6).Sign(_key).ToString() }).Add("a", []).Add("b", []);
                _note = _log.Checkpoint(7, "log.example/t_acme/prod/1").Sign(_key).ToString();
            },
            more: ["checkpoint.root"]);
    }

    [Fact]
    public async Task An_answer_that_is_no_checkpoint_and_an_export_that_breaks_off_are_failures_of_the_server()
    {
        _note = "<html>\n";
        var run = await RunAsync("--keys", Keys);
        (run.Exit, run.Error.Contains("client.answer_unreadable", StringComparison.Ordinal)).ShouldBe((5, true), run.Error);
        _note = null;
        _breaksOff = true;
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

    private async Task BreaksAsync(string code, Action change, string[]? more = null)
    {
        var (keys, saved) = (Keys, Saved);
        (_log, _note) = (new TestLog(10), null);
        change();
        var before = await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken);
        var (exit, report, error) = await VerifyAsync("--keys", keys, "--checkpoint", saved, "--save", saved);
        exit.ShouldBe(6, error);
        report.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("code").GetString()).ShouldBe([code, .. more ?? []]);
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
        _server ??= await WireServer.StartAsync(Map);
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
            await context.Response.Body.WriteAsync(export.AsMemory(0, _breaksOff ? export.Length / 2 : export.Length));
            if (_breaksOff)
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
                    ["from"] = from, ["to"] = to, ["from_root"] = Base64(SlowTree.MTH(_log.Entries[..from])), ["to_root"] = Base64(SlowTree.MTH(_log.Entries[..to])),
                    ["hashes"] = new JsonArray([.. SlowTree.PROOF(from, _log.Entries[..to]).Select(hash => (JsonNode)Base64(hash))]),
                }.ToJsonString(),
                "application/json"));
    }

    private static string Base64(byte[] hash) => Convert.ToBase64String(hash);
}
