using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class ExportVerifierTests
{
    private static readonly string[] _noFaults = [];

    [Fact]
    public async Task Export_verifies_against_every_checkpoint_of_its_log()
    {
        var log = new TestLog(20);
        var report = await log.VerifyAsync([.. Enumerable.Range(0, 21).Reverse().Select(size => log.Checkpoint(size))]);
        Codes(report).ShouldBe(_noFaults);
        report.Holds.ShouldBeTrue();
        report.Held.Select(checkpoint => checkpoint.Size).ShouldBe(Enumerable.Range(0, 21).Select(size => (long)size));
        (report.Tenant, report.Env, report.FirstSeq, report.Events, report.Erased).ShouldBe(("t_acme", "prod", 0, 20, 0));
        report.Root.ShouldBe(SlowTree.MTH(log.Entries));
    }

    [Fact]
    public async Task Empty_export_matches_empty_log_only()
    {
        var report = await TestLog.VerifyAsync([], new TestLog(0).Checkpoint(0));
        (report.Holds, report.FirstSeq, report.Held.Count).ShouldBe((true, null, 1));
        Codes(await TestLog.VerifyAsync([], new TestLog(1).Checkpoint(1))).ShouldBe(["export.short 0"]);
    }

    [Fact]
    public async Task Any_flipped_bit_is_detected()
    {
        var log = new TestLog(2).Add("card_created", [], subject: "user_2");
        var (export, checkpoint) = (log.Export(), log.Checkpoint(3));
        (await TestLog.VerifyAsync(export, checkpoint)).Holds.ShouldBeTrue();
        for (var bit = 0; bit < (export.Length - 1) * 8; bit++)
        {
            export[bit / 8] ^= (byte)(1 << (bit % 8));
            var report = await TestLog.VerifyAsync(export, checkpoint);
            report.Holds.ShouldBeFalse($"bit {bit}: {Encoding.UTF8.GetString(export)}");
            export[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task Changed_content_is_detected_without_checkpoint()
    {
        var log = new TestLog(4);
        log.Lines[2] = log.Lines[2] with { Content = log.Lines[2].Content!.Replace("card", "cart", StringComparison.Ordinal) };
        Codes(await log.VerifyAsync()).ShouldBe(["content.changed 2"]);
        log.Lines[2] = log.Lines[2] with { Content = log.Lines[1].Content, Salt = log.Lines[1].Salt };
        Codes(await log.VerifyAsync()).ShouldBe(["content.changed 2"]);
    }

    [Fact]
    public async Task Changed_entry_and_content_are_detected_with_checkpoint()
    {
        var (log, other) = (new TestLog(9), new TestLog(4).Add("card_deleted", []));
        var changed = new TestLog(9);
        changed.Lines[4] = other.Lines[4];
        Codes(await changed.VerifyAsync()).ShouldBe(_noFaults);
        Codes(await changed.VerifyAsync(log.Checkpoint(4), log.Checkpoint(9))).ShouldBe(["checkpoint.root"]);
    }

    [Theory]
    [InlineData(0, "checkpoint.unreached")]
    [InlineData(3, "seq.gap 3", "checkpoint.unreached")]
    [InlineData(8, "export.short 8")]
    public async Task Removed_event_is_detected(int index, params string[] faults)
    {
        var log = new TestLog(9);
        var checkpoint = log.Checkpoint(9);
        log.Lines.RemoveAt(index);
        Codes(await log.VerifyAsync(checkpoint)).ShouldBe(faults);
    }

    [Fact]
    public async Task Without_checkpoint_only_removed_first_or_last_event_is_missed()
    {
        for (var index = 0; index < 9; index++)
        {
            var log = new TestLog(9);
            log.Lines.RemoveAt(index);
            Codes(await log.VerifyAsync()).ShouldBe(index is 0 or 8 ? _noFaults : [$"seq.gap {index}"]);
        }
    }

    [Fact]
    public async Task Reordered_or_duplicated_events_are_detected()
    {
        var log = new TestLog(5);
        (log.Lines[1], log.Lines[2]) = (log.Lines[2], log.Lines[1]);
        Codes(await log.VerifyAsync()).ShouldBe(["seq.gap 1", "seq.repeated 1", "time.back 1"]);
        log = new TestLog(5);
        log.Lines.Insert(3, log.Lines[2]);
        Codes(await log.VerifyAsync()).ShouldBe(["seq.repeated 2"]);
    }

    [Fact]
    public async Task Timestamp_going_back_is_detected() =>
        Codes(
            await new TestLog(3).Add("card_created", [], envelope => envelope["recorded_at"] = 999_999)
                .Add("card_created", [])
                .VerifyAsync())
            .ShouldBe(["time.back 3"]);

    [Theory]
    [InlineData("tenant", "t_other")]
    [InlineData("env", "dev")]
    public async Task Event_of_other_log_is_detected(string member, string value) =>
        Codes(await new TestLog(3).Add("card_created", [], envelope => envelope[member] = value).VerifyAsync()).ShouldBe(["log.mixed 3"]);

    [Fact]
    public async Task Checkpoint_of_other_log_is_rejected()
    {
        var log = new TestLog(3);
        Codes(await log.VerifyAsync(log.Checkpoint(3, "log.example/t_other/prod/0"))).ShouldBe(["checkpoint.foreign"]);
        Codes(await log.VerifyAsync(log.Checkpoint(0, "log.example/t_acme/dev/0"))).ShouldBe(["checkpoint.foreign"]);
        Codes(await log.VerifyAsync(log.Checkpoint(3, "t_acme/prod/0"))).ShouldBe(["checkpoint.foreign"]);
        Codes(await log.VerifyAsync(log.Checkpoint(3, "a/b/t_acme/prod/7"))).ShouldBe(_noFaults);
    }

    [Fact]
    public async Task Changed_actor_or_subject_is_detected()
    {
        void Actor(JsonObject envelope) => envelope["actor"] = envelope["content_hash"]!.DeepClone();
        void Subject(JsonObject envelope) => envelope["subject"] = envelope["actor"]!.DeepClone();
        void NoSubject(JsonObject envelope) => envelope["subject"] = null;
        var report = await new TestLog(0).Add("a", [], Actor)
            .Add("a", [], Subject)
            .Add("a", [], Subject, "user_2")
            .Add("a", [], NoSubject, "user_2")
            .Add("a", [], null, "user_2")
            .VerifyAsync();
        Codes(report).ShouldBe(["actor.changed 0", "subject.changed 1", "subject.changed 2", "subject.changed 3"]);
    }

    [Fact]
    public async Task Only_redacted_ids_are_excused_from_comparison()
    {
        // Entries commit to the original ids; contents have the redacted ones.
        void Redacted(JsonObject envelope)
        {
            envelope["subject"] = envelope["actor"]!.DeepClone();
            envelope["pii_flags"] = new JsonArray(new JsonObject { ["kind"] = "email", ["count"] = 1 });
        }

        void Unflagged(JsonObject envelope) => envelope["subject"] = envelope["actor"]!.DeepClone();
        var log = new TestLog(0);
        foreach (var subject in new[] { "[EMAIL]", "[EMAIL:3f9a]", "mail to [API_KEY] of", "[[PHONE]" })
        {
            log.Add("a", [], Redacted, subject);
        }

        Codes(await log.VerifyAsync()).ShouldBe(_noFaults);
        log = new TestLog(0).Add("a", [], Unflagged, "[EMAIL]");
        foreach (var subject in new[] { "user_2", "[email]", "[E]", "EMAIL]", "[EMAIL", "[]", "[" })
        {
            log.Add("a", [], Redacted, subject);
        }

        Codes(await log.VerifyAsync()).ShouldBe([.. Enumerable.Range(0, 8).Select(seq => $"subject.changed {seq}")]);
    }

    [Fact]
    public async Task Missing_content_requires_receipt()
    {
        Codes(await new TestLog(9).Erase(2, 3, 5).VerifyAsync()).ShouldBe(["content.missing 2", "content.missing 5"]);
        var report = await new TestLog(9).Erase(2, 3, 5).Receipt((2, 3), (5, 5)).VerifyAsync();
        (report.Holds, report.Erased, report.Receipts).ShouldBe((true, 3, 1));
        Codes(await new TestLog(9).Erase(2, 3, 5).Receipt((2, 2), (4, 8)).VerifyAsync()).ShouldBe(["content.missing 3"]);
        Codes(await new TestLog(9).Erase(0, 1, 2, 3, 4, 5, 6).Receipt((2, 3)).Receipt((3, 5)).VerifyAsync())
            .ShouldBe(["content.missing 0", "content.missing 6"]);
    }

    [Fact]
    public async Task Receipt_must_be_intact_and_follow_events_it_lists()
    {
        Codes(await new TestLog(4).Erase(1).Receipt((1, 1)).Erase(4).VerifyAsync()).ShouldBe(["content.missing 1", "content.missing 4"]);
        Codes(await new TestLog(4).Erase(1).Receipt((0, 4)).VerifyAsync()).ShouldBe(["content.malformed 4", "content.missing 1"]);
        Codes(await new TestLog(4).Receipt((5, 5)).Add("a", []).Erase(5).VerifyAsync())
            .ShouldBe(["content.malformed 4", "content.missing 5"]);
        var spoiled = new TestLog(4).Erase(1).Receipt((1, 1));
        spoiled.Lines[4] = spoiled.Lines[4] with
        {
            Content = spoiled.Lines[4].Content!.Replace("[1,1]", "[1,2]", StringComparison.Ordinal),
        };
        Codes(await spoiled.VerifyAsync()).ShouldBe(["content.changed 4", "content.missing 1"]);
        Codes(await new TestLog(4).Erase(1).Add("other", new JsonObject { ["seqs"] = new JsonArray(new JsonArray(1, 1)) }).VerifyAsync())
            .ShouldBe(["content.missing 1"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"seqs":null}""")]
    [InlineData("""{"seqs":[1]}""")]
    [InlineData("""{"seqs":[[1]]}""")]
    [InlineData("""{"seqs":[[2,1]]}""")]
    [InlineData("""{"seqs":[[-1,1]]}""")]
    [InlineData("""{"seqs":[[1,1.5]]}""")]
    [InlineData("""{"seqs":[["1","1"]]}""")]
    [InlineData("""{"seqs":[[1,1,1]]}""")]
    public async Task Malformed_receipt_is_rejected(string input) =>
        Codes(await new TestLog(4).Erase(1).Add("content_erased", (JsonObject)JsonNode.Parse(input)!).VerifyAsync())
            .ShouldBe(["content.malformed 4", "content.missing 1"]);

    [Fact]
    public async Task Epoch_start_is_reported_with_previous_checkpoint()
    {
        using var key = LogKey.Create();
        var before = new TestLog(7).Checkpoint(7);
        var log = new TestLog(4).Add("log_epoch_started", new JsonObject { ["checkpoint"] = before.Sign(key).ToString() });
        var report = await log.VerifyAsync(log.Checkpoint(5, "log.example/t_acme/prod/1"));
        Codes(report).ShouldBe(_noFaults);
        report.Epochs.ShouldBe([new EpochStart(4, before)]);
        Codes(await new TestLog(4).Add("log_epoch_started", []).VerifyAsync()).ShouldBe(["content.malformed 4"]);
    }

    [Fact]
    public async Task Epoch_start_is_reported_after_its_content_was_erased()
    {
        var log = new TestLog(4).Add("log_epoch_started", []).Erase(4).Receipt((4, 4));
        var report = await log.VerifyAsync();
        Codes(report).ShouldBe(_noFaults);
        report.Epochs.ShouldBe([new EpochStart(4, null)]);
    }

    [Fact]
    public async Task Receipt_for_content_still_present_is_reported()
    {
        (await new TestLog(9).Erase(2, 3, 5).Receipt((2, 3), (5, 5)).VerifyAsync()).Unerased.ShouldBe(0);
        (await new TestLog(9).Erase(2, 3, 5).Receipt((0, 8)).VerifyAsync()).Unerased.ShouldBe(6);
        (await new TestLog(9).Erase(2, 3, 5).Receipt((3, 3), (5, 7)).Receipt((2, 5)).VerifyAsync()).Unerased.ShouldBe(2 + 1);
        (await new TestLog(2, first: 100).Erase(0).Receipt((3, 100)).VerifyAsync()).Unerased.ShouldBe(0);
    }

    [Fact]
    public async Task Content_erased_by_unsigned_receipt_is_reported()
    {
        var log = new TestLog(6).Erase(2, 3, 5).Receipt((2, 2)).Receipt((2, 5));
        (await log.VerifyAsync(log.Checkpoint(8))).Unsigned.ShouldBe(0);
        (await log.VerifyAsync(log.Checkpoint(7), log.Checkpoint(3))).Unsigned.ShouldBe(2);
        (await log.VerifyAsync(log.Checkpoint(6))).Unsigned.ShouldBe(3);
        (await log.VerifyAsync()).Unsigned.ShouldBe(0);
    }

    [Fact]
    public async Task Report_has_last_event_type_and_newest_time()
    {
        var report = await new TestLog(3).Add("audit_exported", []).VerifyAsync();
        (report.LastType, report.NewestAt).ShouldBe(("audit_exported", DateTimeOffset.UnixEpoch.AddTicks(10_000_010)));
        report = await TestLog.VerifyAsync([]);
        (report.LastType, report.NewestAt).ShouldBe((null, null));
    }

    [Fact]
    public async Task Partial_export_is_verified_without_root()
    {
        var report = await new TestLog(5, first: 100).VerifyAsync();
        (report.Holds, report.FirstSeq, report.Root).ShouldBe((true, 100, null));
        Codes(await new TestLog(5, first: 100).VerifyAsync(new TestLog(5).Checkpoint(5))).ShouldBe(["checkpoint.unreached"]);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"entry":"{}","content":null,"salt":null}""")]
    [InlineData("""{"entry":null,"content":null,"salt":null}""")]
    [InlineData("""{"entry":1,"content":null,"salt":null}""")]
    [InlineData("""{"entry":"[]","content":null,"salt":null}""")]
    [InlineData("""{"entry":"\ud800","content":null,"salt":null}""")]
    public async Task Malformed_line_is_reported_and_reading_continues(string line)
    {
        var log = new TestLog(3);
        var lines = log.Lines.Select(one => one.ToString()).ToArray();
        for (var index = 0; index < 3; index++)
        {
            string[] spoiled = [.. lines];
            spoiled[index] = line;
            var report = await TestLog.VerifyAsync(Encoding.UTF8.GetBytes(string.Join('\n', spoiled)), log.Checkpoint(3));
            report.Faults[0].Code.ShouldBe("line.malformed");
            report.Faults[0].Seq.ShouldBe(index == 0 ? null : index);
            Codes(report)[1..].ShouldBe(["checkpoint.unreached"]);
            report.FirstSeq.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("entry", "salt_")]
    [InlineData("\"salt\"", "\"more\":1,\"salt\"")]
    [InlineData("\"salt\"", "\"salt\":null,\"salt\"")]
    public async Task Line_must_have_exactly_three_properties(string what, string with)
    {
        var line = new TestLog(1).Lines[0].ToString().Replace(what, with, StringComparison.Ordinal);
        Codes(await TestLog.VerifyAsync(Encoding.UTF8.GetBytes(line))).ShouldBe(["line.malformed"]);
    }

    [Fact]
    public async Task Non_canonical_entry_or_invalid_salt_is_rejected()
    {
        var log = new TestLog(2);
        var line = log.Lines[1];
        log.Lines[1] = line with { Entry = line.Entry.Replace("{", "{ ", StringComparison.Ordinal) };
        Codes(await log.VerifyAsync()).ShouldBe(["line.malformed 1"]);
        log.Lines[1] = line with { Salt = null };
        Codes(await log.VerifyAsync()).ShouldBe(["line.malformed 1"]);
        log.Lines[1] = line with { Salt = line.Salt![4..] };
        Codes(await log.VerifyAsync()).ShouldBe(["line.malformed 1"]);
        Codes(await new TestLog(1).Add("a", [], envelope => envelope["v"] = 2).VerifyAsync()).ShouldBe(["line.malformed 1"]);
        Codes(await new TestLog(1).Add("a", [], envelope => envelope["more"] = new string('x', 65_536)).VerifyAsync())
            .ShouldBe(["line.malformed 1"]);
    }

    [Fact]
    public async Task Chunked_stream_with_long_lines_is_read()
    {
        var log = new TestLog(3).Add("a", new JsonObject { ["text"] = new string('é', 200_000) }).Add("a", []);
        using var stream = new SlowStream(log.Export());
        var report = await ExportVerifier.VerifyAsync(stream, [log.Checkpoint(5)], TestContext.Current.CancellationToken);
        Codes(report).ShouldBe(_noFaults);
        report.Held.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unterminated_line_is_rejected_before_memory_fills()
    {
        using var endless = new SlowStream([.. Enumerable.Repeat((byte)'a', 65_536)], endless: true);
        await Should.ThrowAsync<FormatException>(() => ExportVerifier.VerifyAsync(endless, [], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Report_lists_first_faults_and_counts_all()
    {
        var report = await TestLog.VerifyAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", 1_000))));
        (report.Faults.Count, report.FaultCount).ShouldBe((ExportVerifier.MaxFaults, 1_000));
    }

    private static string[] Codes(ExportReport report) => [.. report.Faults.Select(fault => $"{fault.Code} {fault.Seq}".TrimEnd())];
}
