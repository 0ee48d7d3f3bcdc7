using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;



namespace Nexus.Tests.Audit.Queries;

/// <summary><c>/audit/export</c>: the whole log, as NDJSON that can be verified offline or as CSV.</summary>
public sealed class EventExportTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Export_requires_auth_and_admin_role(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host, "owner");
        (await member.Get("/audit/export", ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Get("/audit/export")).Refused(403, "auth.role");
        (await other.Get("/audit/export", ("X-Tenant-Id", member.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await member.Events()).ShouldBeEmpty();
        (await other.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Line_contains_inputs_of_leaf_hash_and_commitments(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        for (var at = 0; at < 150; at++)
        {
            (await admin.Json(
                "POST",
                "/events",
                """{"input":{"text":"é \"quoted\" \\ \n <b>&amp; \u2028"},"subject_id":"u_subject"}""")).Ok();
        }

        var reply = await admin.Get("/audit/export");
        reply.Status.ShouldBe(200);
        reply["Content-Type"].ShouldBe("application/x-ndjson");
        reply["Content-Disposition"].ShouldBe($"attachment; filename=\"events-{admin.Tenant}-prod.ndjson\"");
        reply["Cache-Control"].ShouldBe("no-store");
        reply.Body.ShouldEndWith("}\n");
        var events = await admin.Events();
        var lines = reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        lines.Count.ShouldBe(151);
        foreach (var (line, recorded) in lines.Zip(events))
        {
            line.EnumerateObject().Select(field => field.Name).ShouldBe(["entry", "content", "salt"]);
            var (entry, content) = (line.GetProperty("entry").GetString()!, line.GetProperty("content").GetString()!);
            var salt = line.GetProperty("salt").GetBytesFromBase64();
            Convert.ToBase64String(TreeHash.Leaf(Encoding.UTF8.GetBytes(entry))).ShouldBe(recorded.LeafHash);
            var envelope = JsonElement.Parse(entry);
            CanonicalJson.Write(envelope).ShouldBe(Encoding.UTF8.GetBytes(entry));
            Commitment(salt, content).ShouldBe(envelope.GetProperty("content_hash").GetString());
            Commitment(salt, admin.User).ShouldBe(envelope.GetProperty("actor").GetString());
        }

        Caller.TypeOf(events[^1]).ShouldBe("audit_exported");
        events[^1].Input!.Value.GetRawText().ShouldBe("""{"format":"ndjson"}""");
        events[^1].Metadata.GetProperty("action").GetString().ShouldBe("audit_export");

        static string Commitment(byte[] salt, string text) =>
            Convert.ToBase64String(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]));
    }

    [Theory, Engines]
    public async Task From_and_to_limit_export_to_time_range(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        for (var at = 0; at < 9; at++)
        {
            (await admin.Json("POST", "/events", "{}")).Ok();
        }

        var times = (await admin.Events()).Select(recorded => recorded.RecordedAt).ToList();
        foreach (var (from, to) in new[] { (3, 6), (0, 9), (8, 3), (4, 4) })
        {
            var reply = await admin.Get($"/audit/export?from={Rfc3339(times[from])}" + (to == 9 ? "" : $"&to={Rfc3339(times[to])}"));
            var seqs = Seqs(reply);
            // Events with the same time are on the same side of the boundary.
            seqs.Where(seq => seq < 9)
                .ShouldBe(
                    Enumerable.Range(0, 9)
                        .Where(at => times[at] >= times[from] && (to == 9 || times[at] < times[to]))
                        .Select(at => (long)at));
        }

        Seqs(await admin.Get("/audit/export?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z")).ShouldBeEmpty();
        Seqs(await admin.Get("/audit/export?from=2999-01-01T00:00:00Z")).ShouldBeEmpty();
        (await admin.Events())[^2].Input!.Value.GetRawText()
            .ShouldBe("""{"format":"ndjson","from":"2000-01-01T00:00:00.000000Z","to":"2000-01-02T00:00:00.000000Z"}""");
    }

    [Theory, Engines]
    public async Task Invalid_export_parameters_are_rejected_without_event(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        foreach (var format in new[] { "xml", "CSV", "", "csv&format=ndjson" })
        {
            (await admin.Get($"/audit/export?format={format}")).Refused(422, "format.invalid");
        }

        (await admin.Get("/audit/export?from=yesterday")).Refused(400, "request.malformed");
        (await admin.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task CSV_cells_that_look_like_formulas_are_escaped(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        string[] harmful =
        [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "|calc", "%x", "=HYPERLINK(\"http://x\",\"y\")",
        ];
        string[] harmless = ["a=1", "1-1", "", "say \"hi\", then\r\ngo;on", "'=1"];
        foreach (var text in harmful.Concat(harmless))
        {
            (await admin.Json(
                "POST",
                "/events",
                JsonSerializer.Serialize(
                    new Dictionary<string, object>
                    {
                        ["seo_title"] = text,
                        ["input"] = new Dictionary<string, string> { ["=x"] = text },
                    }))).Ok();
        }

        var reply = await admin.Get("/audit/export?format=csv");
        reply.Status.ShouldBe(200);
        reply["Content-Type"].ShouldBe("text/csv; charset=utf-8; header=present");
        var rows = Rows(reply.Body);
        rows.Count.ShouldBe(1 + harmful.Length + harmless.Length + 1);
        rows.ShouldAllBe(row => row.Count == rows[0].Count);
        string Cell(int row, string name) => rows[row][rows[0].IndexOf(name)];
        Enumerable.Range(1, harmful.Length).Select(row => Cell(row, "seo_title")).ShouldBe(harmful.Select(text => "'" + text));
        Enumerable.Range(1 + harmful.Length, harmless.Length).Select(row => Cell(row, "seo_title")).ShouldBe(harmless);
        foreach (var row in rows)
        {
            row.ShouldAllBe(cell => cell.Length == 0 || !"=+-@|%\t\r\n＝＋－＠".Contains(cell.TrimStart()[0], StringComparison.Ordinal));
        }

        Cell(1, "seq").ShouldBe("0");
        Cell(1, "event_type").ShouldBe("event_recorded");
        Cell(1, "agentId").ShouldBe(admin.User);
        Cell(1, "input").ShouldBe("""{"=x":"=1+1"}""");
        Cell(rows.Count - 1, "event_type").ShouldBe("audit_exported");
    }

    [Theory, Engines]
    public async Task Export_excludes_other_tenants_and_envs(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var elsewhere = admin.Colleague("admin", "dev");
        using var stranger = Caller.Create(host, "admin");
        await elsewhere.Card();
        await stranger.Card();
        await admin.Card();
        Seqs(await admin.Get("/audit/export")).ShouldBe([0, 1]);
    }

    [Theory, Engines]
    public async Task Erased_event_is_exported_without_content_or_salt(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        (await admin.Json("POST", "/events", """{"input":{"text":"secret"}}""")).Ok();
        var scope = new Scope(admin.Tenant, admin.Env);
        await host.Services.GetRequiredService<Database>().WriteAsync(
            scope,
            session =>
                host.Services.GetRequiredService<ContentEraser>()
                    .EraseAsync(session, RequestContextFactory.ForSystem("retention", scope), [0], "test"),
            Cancelled);
        var lines = (await admin.Get("/audit/export")).Body.Split('\n');
        var erased = JsonElement.Parse(lines[0]);
        erased.EnumerateObject().Select(field => field.Name).ShouldBe(["entry", "content", "salt"]);
        (erased.GetProperty("content").ValueKind, erased.GetProperty("salt").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        var rows = Rows((await admin.Get("/audit/export?format=csv")).Body);
        (rows[1][rows[0].IndexOf("input")], rows[1][rows[0].IndexOf("agentId")], rows[1][rows[0].IndexOf("event_type")]).ShouldBe(
            ("", "", "event_recorded"));
        (await admin.Get("/audit/events")).Body.ShouldNotContain("secret");
    }

    [Theory, Engines]
    public async Task Export_is_streamed_and_aborted_when_reader_loses_access(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host, "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var line = $$$"""{"input":{"text":"{{{new string('x', 60_000)}}}"}}""" + "\n";
        for (var batch = 0; batch < 5; batch++)
        {
            using var body = new StringContent(string.Concat(Enumerable.Repeat(line, 100)), Encoding.UTF8, "application/x-ndjson");
            (await owner.Send("POST", "/events/batch", body)).Status.ShouldBe(200);
        }

        using var admin = owner.Colleague("admin");
        (await ReadAsync(admin, () => Task.CompletedTask)).ShouldBeGreaterThan(30_000_000);
        // If all 30 MB were already buffered for sending, the download could not be cut off.
        await Should.ThrowAsync<IOException>(
            () => ReadAsync(admin, async () => (await owner.Delete($"/tenants/{owner.Tenant}/members/{admin.User}")).Status.ShouldBe(204)));

        static async Task<long> ReadAsync(Caller caller, Func<Task> meanwhile)
        {
            using var response = await caller.Open("/audit/export");
            await using var export = await response.Content.ReadAsStreamAsync(Cancelled);
            var buffer = new byte[1 << 20];
            long total = await export.ReadAsync(buffer, Cancelled);
            await meanwhile();
            for (int read; (read = await export.ReadAsync(buffer, Cancelled)) > 0; total += read)
            {
            }

            return total;
        }
    }

    [Theory, Engines]
    public async Task Export_includes_receipt_of_content_erased_while_streaming(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        var line = $$$"""{"input":{"text":"{{{new string('x', 60_000)}}}"}}""" + "\n";
        for (var batch = 0; batch < 5; batch++)
        {
            using var body = new StringContent(string.Concat(Enumerable.Repeat(line, 100)), Encoding.UTF8, "application/x-ndjson");
            (await admin.Send("POST", "/events/batch", body)).Status.ShouldBe(200);
        }

        using var response = await admin.Open("/audit/export");
        await using var export = await response.Content.ReadAsStreamAsync(Cancelled);
        var scope = new Scope(admin.Tenant, admin.Env);
        await host.Services.GetRequiredService<Database>().WriteAsync(
            scope,
            session =>
                host.Services.GetRequiredService<ContentEraser>()
                    .EraseAsync(session, RequestContextFactory.ForSystem("retention", scope), [0, 499], "test"),
            Cancelled);
        (await admin.Json("POST", "/events", "{}")).Ok();
        var report = await ExportVerifier.VerifyAsync(export, [], Cancelled);
        report.Faults.ShouldBeEmpty();
        // The first page was sent with its contents; the last event's content was erased before it was read.
        (report.Erased, report.Receipts, report.Unerased, report.LastType).ShouldBe((1, 1, 1, ContentEraser.EventType));
    }

    private static string Rfc3339(DateTimeOffset moment) =>
        Uri.EscapeDataString(moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));

    private static List<long> Seqs(Reply reply)
    {
        reply.Status.ShouldBe(200, reply.Body);
        return
        [
            .. reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(JsonElement.Parse(line).GetProperty("entry").GetString()!).GetProperty("seq").GetInt64()),
        ];
    }

    /// <summary>Parses RFC 4180 like a spreadsheet.</summary>
    private static List<List<string>> Rows(string csv)
    {
        var rows = new List<List<string>> { new() };
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < csv.Length; at++)
        {
            var symbol = csv[at];
            if (isQuoted && symbol == '"' && at + 1 < csv.Length && csv[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else if (symbol == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted)
            {
                cell.Append(symbol);
            }
            else if (symbol is ',' or '\r')
            {
                rows[^1].Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                symbol.ShouldBe('\n');
                rows.Add([]);
            }
        }

        rows[^1].ShouldBeEmpty();
        rows.RemoveAt(rows.Count - 1);
        return rows;
    }
}
