using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Cli.Audit;

/// <summary><c>nexus audit verify FILE</c>: exports and proofs, checked without a server.</summary>
public sealed class VerifyFileTests : IDisposable
{
    private readonly CommandRun _command = new();
    private readonly LogKey _key = LogKey.Create();
    private readonly TestLog _log = new TestLog(9).Erase(2, 3).Receipt((2, 3));

    private string Keys => _command.Write("keys.pem", LogKey.ToPem(_key));

    [Fact]
    public async Task Export_matching_signed_checkpoint_verifies()
    {
        var (exit, report, error) = await VerifyAsync(Export(), "--checkpoint", Checkpoint(8), "--keys", Keys);
        exit.ShouldBe(0, error);
        report.GetProperty("what").GetString().ShouldBe("export");
        report.GetProperty("holds").GetBoolean().ShouldBeTrue();
        report.GetProperty("tenant").GetString().ShouldBe("t_acme");
        (report.GetProperty("events")
            .GetInt64(), report.GetProperty("erased").GetInt64(), report.GetProperty("receipts").GetInt64()).ShouldBe(
            (10, 2, 1));
        report.GetProperty("held_against")[0].GetProperty("size").GetInt64().ShouldBe(8);
        error.ShouldBe(
            "nexus: warning: 2 contents are missing by erasure receipts that no signed checkpoint covers yet. Verify again with a newer "
            + "checkpoint: the receipts must still be there.\n"
            + "nexus: warning: The last 2 events are newer than every given checkpoint: no signature covers them yet.\n");
        report.GetProperty("newest_at").GetDateTimeOffset().ShouldBe(DateTimeOffset.UnixEpoch.AddTicks(10_000_040));
        (await VerifyAsync(Export(), "--checkpoint", Checkpoint(10), "--keys", Keys)).Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Export_can_be_read_from_pipe()
    {
        var pipe = Path.Combine(_command.Folder, "pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // More than is looked at to tell what it is, and more than a pipe holds.
        for (var at = 0; at < 300; at++)
        {
            _log.Add("card_created", []);
        }

        var run = VerifyAsync(pipe, "--checkpoint", Checkpoint(310), "--keys", Keys);
        await File.WriteAllBytesAsync(pipe, _log.Export(), TestContext.Current.CancellationToken);
        var (exit, report, error) = await run;
        (exit, report.GetProperty("events").GetInt64()).ShouldBe((0, 310), error);
    }

    [Theory]
    [InlineData("t_acme", "prod", true)]
    [InlineData("t_acme", "PROD", true)]
    [InlineData("t_other", "prod", false)]
    [InlineData("t_acme", "stage", false)]
    public async Task File_of_other_tenant_or_env_does_not_verify(string tenant, string env, bool holds)
    {
        var entry = Export();
        foreach (var args in (string[][])[[entry], [Proof(5), "--entry", entry, "--keys", Keys]])
        {
            var (exit, report, error) = await VerifyAsync([.. args, "--tenant", tenant, "--env", env]);
            exit.ShouldBe(holds ? 0 : 6, error);
            report.GetProperty("faults")
                .EnumerateArray()
                .Select(fault => fault.GetProperty("code").GetString())
                .ShouldBe(holds ? [] : ["log.other"]);
        }
    }

    [Fact]
    public async Task Incomplete_export_verifies_with_warnings()
    {
        var part = new TestLog(3, first: 100);
        var (exit, _, error) = await VerifyAsync(_command.Write("part", Encoding.UTF8.GetString(part.Export())));
        exit.ShouldBe(0);
        error.ShouldContain("warning: The export begins at event 100");
        error.ShouldContain("warning: The export does not end with the event that every export records");
        (await VerifyAsync(_command.Write("empty", ""))).Error.ShouldContain("it is truncated");
        part.Add("audit_exported", []);
        (await VerifyAsync(_command.Write("part", Encoding.UTF8.GetString(part.Export())))).Error.ShouldNotContain("it is truncated");
        var receipt = new TestLog(4).Erase(1).Receipt((0, 3));
        (await VerifyAsync(_command.Write("receipt", Encoding.UTF8.GetString(receipt.Export())))).Error.ShouldContain(
            "warning: Erasure receipts list 3 contents that are still present");
        (await VerifyAsync(Export(), "--checkpoint", Checkpoint(9))).Error.ShouldContain(
            "warning: 2 contents are missing by erasure receipts that no signed checkpoint covers yet");
    }

    [Fact]
    public async Task Missing_checkpoint_or_keys_is_a_warning()
    {
        var (exit, report, error) = await VerifyAsync(Export());
        (exit, report.GetProperty("held_against").GetArrayLength()).ShouldBe((0, 0));
        error.ShouldContain("warning: No checkpoint given");
        (exit, report, error) = await VerifyAsync(Export(), "--checkpoint", Checkpoint(10));
        (exit, report.GetProperty("held_against").GetArrayLength()).ShouldBe((0, 1));
        error.ShouldContain("warning: No keys given");
        report.GetProperty("warnings")[0].GetString()!.ShouldStartWith("No keys given");
    }

    [Fact]
    public async Task Missing_content_without_receipt_is_reported_with_seq()
    {
        _log.Erase(5);
        await ShouldFailAsync("content.missing", 5, Export());
        var (exit, table, _) = await _command.RunAsync("audit", "verify", Export(), "-o", "table");
        exit.ShouldBe(6);
        table.ShouldContain("FAILED: 1 fault");
        table.ShouldContain("no receipt lists it");
    }

    [Fact]
    public async Task Modified_content_is_reported_with_seq()
    {
        _log.Lines[6] = _log.Lines[6] with { Content = _log.Lines[6].Content!.Replace("card", "cart", StringComparison.Ordinal) };
        await ShouldFailAsync("content.changed", 6, Export());
    }

    [Fact]
    public async Task Rewritten_log_does_not_match_older_checkpoint()
    {
        var checkpoint = Checkpoint(10);
        var other = new TestLog(10);
        await ShouldFailAsync(
            "checkpoint.root",
            null,
            _command.Write("export.ndjson", Encoding.UTF8.GetString(other.Export())),
            "--checkpoint",
            checkpoint,
            "--keys",
            Keys);
        await ShouldFailAsync(
            "export.short",
            4,
            _command.Write("export.ndjson", Encoding.UTF8.GetString(new TestLog(4).Export())),
            "--checkpoint",
            checkpoint,
            "--keys",
            Keys);
    }

    [Fact]
    public async Task Checkpoint_signed_with_other_key_is_rejected()
    {
        using var other = LogKey.Create();
        var theirs = _command.Write("theirs.note", _log.Checkpoint(10).Sign(other).ToString());
        await ShouldFailAsync("checkpoint.signature", null, Export(), "--checkpoint", theirs, "--keys", Keys);
    }

    [Fact]
    public async Task Wrong_file_type_for_option_is_usage_error()
    {
        var nonsense = _command.Write("nonsense", "nonsense\n");
        await ShouldExitAsync(2, "client.file", Export(), "--checkpoint", nonsense);
        await ShouldExitAsync(2, "client.file", Export(), "--keys", nonsense);
        await ShouldExitAsync(
            2,
            "client.file",
            Export(),
            "--checkpoint",
            _command.Write("note", SignedNote.Sign("no checkpoint\n", "name", _key).ToString()));
        await ShouldExitAsync(2, "client.file", Path.Combine(_command.Folder, "nowhere"));
        await ShouldExitAsync(2, "client.usage", Export(), "--save", nonsense);
        await ShouldExitAsync(2, "client.usage", Export(), "--entry", Export());
        (await VerifyAsync(nonsense)).Report.GetProperty("faults")[0].GetProperty("code").GetString().ShouldBe("line.malformed");
    }

    [Fact]
    public async Task Proof_verifies_with_its_event()
    {
        var (exit, report, error) = await VerifyAsync(Proof(5), "--entry", Export(), "--keys", Keys);
        exit.ShouldBe(0, error);
        error.ShouldBeEmpty();
        (report.GetProperty("what")
            .GetString(), report.GetProperty("first_seq")
            .GetInt64(), report.GetProperty("tenant").GetString(), report.GetProperty("env").GetString())
            .ShouldBe(("proof", 5, "t_acme", "prod"));
        (await VerifyAsync(Proof(5), "--entry", _command.Write("line", _log.Lines[5].ToString()), "--keys", Keys)).Exit.ShouldBe(0);
        (await VerifyAsync(Proof(2), "--entry", Export(), "--keys", Keys)).Error.ShouldContain("content is erased");
        (await VerifyAsync(Proof(5), "--entry", Export())).Error.ShouldContain("No keys given");
        (await VerifyAsync(Proof(5), "--entry", Export(), "--keys", Keys, "--checkpoint", Checkpoint(10))).Error.ShouldBeEmpty();
        (await VerifyAsync(Proof(5), "--entry", Export(), "--keys", Keys, "--checkpoint", Checkpoint(9))).Error.ShouldContain(
            "whether they are consistent");
    }

    [Fact]
    public async Task Mismatched_or_malformed_proof_is_rejected()
    {
        var proof = Proof(5);
        using var other = LogKey.Create();
        await ShouldFailAsync(
            "checkpoint.signature",
            null,
            proof,
            "--entry",
            Export(),
            "--keys",
            _command.Write("other.pem", LogKey.ToPem(other)));
        var forked = _command.Write("forked.note", new TestLog(10).Checkpoint(10).Sign(_key).ToString());
        await ShouldFailAsync("checkpoint.forked", null, proof, "--entry", Export(), "--keys", Keys, "--checkpoint", forked);
        await ShouldFailAsync(
            "proof.malformed",
            null,
            _command.Write(
                "broken",
                (await File.ReadAllTextAsync(proof, TestContext.Current.CancellationToken)).Replace(
                    "index 5",
                    "index 05",
                    StringComparison.Ordinal)),
            "--entry",
            Export(),
            "--keys",
            Keys);
        var forged = new TestLog(5).Add("card_deleted", new JsonObject { ["title"] = "another" });
        await ShouldFailAsync(
            "proof.refuted",
            5,
            proof,
            "--entry",
            _command.Write("forged", Encoding.UTF8.GetString(forged.Export())),
            "--keys",
            Keys);
        var kept = _log.Lines[5];
        _log.Lines[5] = kept with { Content = kept.Content!.Replace("card", "cart", StringComparison.Ordinal) };
        await ShouldFailAsync("content.changed", 5, proof, "--entry", Export(), "--keys", Keys);
        var elsewhere = _command.Write("elsewhere.note", _log.Checkpoint(8, "other.example/t_acme/prod/0").Sign(_key).ToString());
        _log.Lines[5] = kept;
        await ShouldFailAsync("checkpoint.foreign", null, proof, "--entry", Export(), "--keys", Keys, "--checkpoint", elsewhere);
        await ShouldExitAsync(2, "client.usage", proof, "--keys", Keys);
        await ShouldExitAsync(
            2,
            "client.file",
            proof,
            "--keys",
            Keys,
            "--entry",
            _command.Write("few", Encoding.UTF8.GetString(new TestLog(3).Export())));
        await ShouldExitAsync(2, "client.file", proof, "--keys", Keys, "--entry", proof);
    }

    [Fact]
    public async Task Proof_from_other_log_for_same_event_is_rejected()
    {
        var other = new ProofFile(
            new InclusionProof(5, 10, SlowTree.PATH(5, _log.Entries)),
            _log.Checkpoint(10, "log.example/t_other/prod/0").Sign(_key));
        await ShouldFailAsync(
            "checkpoint.foreign",
            5,
            _command.Write("other.tlog-proof", other.ToString()),
            "--entry",
            Export(),
            "--keys",
            Keys);
    }

    public void Dispose()
    {
        _key.Dispose();
        _command.Dispose();
    }

    private string Export() => _command.Write("export.ndjson", Encoding.UTF8.GetString(_log.Export()));

    private string Checkpoint(int size) => _command.Write("checkpoint.note", _log.Checkpoint(size).Sign(_key).ToString());

    private string Proof(int index) => _command.Write(
        "event.tlog-proof",
        new ProofFile(new InclusionProof(index, 10, SlowTree.PATH(index, _log.Entries)), _log.Checkpoint(10).Sign(_key)).ToString());

    private async Task<(int Exit, JsonElement Report, string Error)> VerifyAsync(params string[] args)
    {
        var (exit, output, error) = await _command.RunAsync(["audit", "verify", .. args, "--json"]);
        return (exit, JsonElement.Parse(output), error);
    }

    private async Task ShouldFailAsync(string code, long? seq, params string[] args)
    {
        var (exit, report, error) = await VerifyAsync(args);
        exit.ShouldBe(6, error);
        report.GetProperty("holds").GetBoolean().ShouldBeFalse();
        report.GetProperty("fault_count").GetInt64().ShouldBe(1);
        var fault = report.GetProperty("faults")[0];
        fault.GetProperty("code").GetString().ShouldBe(code);
        (fault.GetProperty("seq").ValueKind == JsonValueKind.Null ? null : (long?)fault.GetProperty("seq").GetInt64()).ShouldBe(seq);
    }

    private async Task ShouldExitAsync(int exit, string code, params string[] args)
    {
        var run = await _command.RunAsync(["audit", "verify", .. args]);
        run.Exit.ShouldBe(exit, run.Error);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith($"nexus: {code}");
    }
}
