using System.Text;
using System.Text.Json;

using Nexus.Client;

namespace Nexus.Tests.Audit.Events;

/// <summary><c>POST /events</c>: callers' events are in the same log and cannot be mistaken for the service's own.</summary>
public sealed class RecordEventTests
{
    private const string Whole =
        """
        {"surface":"chat","input":{"question":"what"},"output":{"answer":[1,2.5,null]},"metadata":{"model":"m-1","origin_ref":{"ticket":7}},"subject_id":"u_subject",
         "utm_source":"a","utm_medium":"b","utm_campaign":"c","utm_term":"d","utm_content":"e","seo_slug":"f","seo_title":"g","seo_description":"h",
         "asset_alt_text":"i","analytics_event_type":"j","analytics_platform":"k"}
        """;

    [Theory, Engines]
    public async Task Record_requires_auth(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", "/events", Whole, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Json("POST", "/events/batch", Whole, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Record_by_viewer_returns_403(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Json("POST", "/events", Whole)).Refused(403, "auth.role");
        (await viewer.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Recorded_event_is_read_back_unchanged(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        await member.Card();
        var receipt = (await member.Json("POST", "/events", Whole, ("X-Trace-Id", "t-1"), ("X-Request-Id", "r-1"))).Ok();
        receipt.EnumerateObject().Select(field => field.Name).ShouldBe(["status", "event_id", "seq", "pii_flags", "train_ok"]);
        receipt.GetProperty("status").GetString().ShouldBe("accepted");
        receipt.GetProperty("seq").GetInt64().ShouldBe(1);
        receipt.GetProperty("pii_flags").GetProperty("flags").GetArrayLength().ShouldBe(0);

        var read = (await admin.Get($"/audit/events/{receipt.GetProperty("event_id").GetString()}")).Ok();
        var sent = JsonElement.Parse(Whole);
        foreach (var field in sent.EnumerateObject().Where(field => field.Name != "metadata"))
        {
            JsonElement.DeepEquals(read.GetProperty(field.Name), field.Value).ShouldBeTrue(field.Name);
        }

        read.GetProperty("train_ok").GetBoolean().ShouldBe(receipt.GetProperty("train_ok").GetBoolean());
        read.GetProperty("agentId").GetString().ShouldBe(member.User);
        read.GetProperty("tenantId").GetString().ShouldBe(member.Tenant);
        (read.GetProperty("traceId").GetString(), read.GetProperty("requestId").GetString()).ShouldBe(("t-1", "r-1"));
        var metadata = read.GetProperty("metadata");
        metadata.GetProperty("model").GetString().ShouldBe("m-1");
        metadata.GetProperty("origin_ref").GetProperty("ticket").GetInt32().ShouldBe(7);
        metadata.GetProperty("event_type").GetString().ShouldBe("event_recorded");
        metadata.GetProperty("action").GetString().ShouldBe("event_write");
        metadata.GetProperty("actor_type").GetString().ShouldBe("human");
        metadata.GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()).ShouldBe(["kill_switch", "rate_limit", "quota"]);
    }

    [Theory, Engines]
    public async Task All_fields_are_optional(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var body in new[] { "{}", """{"input":null,"output":null,"metadata":null,"surface":null,"utm_source":null}""", $$"""{"tenant_id":"{{member.Tenant}}","env":"PROD"}""" })
        {
            (await member.Json("POST", "/events", body)).Ok();
        }

        var events = await member.Events();
        events.ShouldAllBe(recorded => recorded.Surface == "app" && recorded.Input == null && recorded.Output == null && recorded.UtmSource == null && recorded.SubjectId == null);
        events.Count.ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Server_assigned_fields_are_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var stamped in new[]
                 {
                     "\"tenantId\":\"t_other\"", $"\"tenantId\":\"{member.Tenant}\"", "\"agentId\":\"u_other\"", "\"actor\":\"u_other\"", "\"user_id\":\"u_other\"", "\"actorType\":\"human\"", "\"actor_type\":\"human\"",
                     "\"recorded_at\":\"2020-01-01T00:00:00Z\"", "\"time\":1", "\"timestamp\":1", "\"seq\":0", "\"event_id\":\"x\"", "\"leaf_hash\":\"x\"", "\"train_ok\":true", "\"train_basis\":\"user\"",
                     "\"pii_flags\":{\"flags\":[]}", "\"traceId\":\"t\"", "\"requestId\":\"r\"", "\"trace_id\":\"t\"", "\"request_id\":\"r\"", "\"event_type\":\"card_created\"", "\"action\":\"card_create\"",
                     "\"asset_id\":\"a\"", "\"asset_type\":\"card\"", "\"gates\":[]", "\"entry\":\"\"", "\"salt\":\"\"", "\"Surface\":\"chat\"", "\"anything\":1",
                 })
        {
            (await member.Json("POST", "/events", $$"""{"input":{"a":1},{{stamped}}}""")).Status.ShouldBe(422, stamped);
        }

        foreach (var stamped in new[] { "trace_id", "request_id", "actor_type", "action", "event_type", "asset_type", "asset_id", "gates" })
        {
            var refused = (await member.Json("POST", "/events", $$$"""{"metadata":{"{{{stamped}}}":"x"}}""")).Refused(422, "body.invalid");
            refused.Json.GetProperty("errors").TryGetProperty("metadata." + stamped, out _).ShouldBeTrue();
        }

        (await member.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Other_tenant_or_env_in_body_returns_400(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        (await member.Json("POST", "/events", $$"""{"tenant_id":"{{other.Tenant}}"}""")).Refused(400, "context.mismatch");
        (await member.Json("POST", "/events", """{"env":"dev"}""")).Refused(400, "context.mismatch");
        (await member.Json("POST", "/events", "{}", ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await member.Events()).ShouldBeEmpty();
        (await other.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Values_of_wrong_type_are_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var wrong in new[]
                 {
                     "\"input\":[]", "\"input\":\"x\"", "\"output\":1", "\"output\":true", "\"metadata\":\"{}\"", "\"metadata\":{\"origin_ref\":1}", "\"surface\":\"\"", "\"surface\":1", "\"surface\":\"a\\nb\"",
                     "\"subject_id\":\"\"", "\"subject_id\":{}", "\"utm_source\":{}", "\"seo_title\":[\"x\"]", $"\"surface\":\"{new string('s', 101)}\"", $"\"subject_id\":\"{new string('s', 201)}\"",
                 })
        {
            (await member.Json("POST", "/events", "{" + wrong + "}")).Refused(422, "body.invalid");
        }

        foreach (var wrong in new[] { "[]", "1", "null", "\"x\"" })
        {
            (await member.Json("POST", "/events", wrong)).Refused(422, "body.invalid");
        }

        (await member.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Numbers_that_would_lose_precision_are_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var number in new[] { "9007199254740993", "-9007199254740993", "18446744073709551616", "1e400", "1e17", "NaN" })
        {
            (await member.Json("POST", "/events", $$$"""{"input":{"n":{{{number}}}}}""")).Refused(400, "json.malformed");
        }

        (await member.Json("POST", "/events", """{"input":{"n":9007199254740992,"m":-9007199254740992,"f":0.1}}""")).Ok();
        (await member.Events()).ShouldHaveSingleItem().Input!.Value.GetRawText().ShouldBe("""{"f":0.1,"m":-9007199254740992,"n":9007199254740992}""");
    }

    [Theory, Engines]
    public async Task Entry_over_65535_bytes_returns_413(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        const string Frame = """{"input":{"t":""}}""";
        (await member.Json("POST", "/events", $$$"""{"input":{"t":"{{{new string('x', 65_536 - Frame.Length)}}}"}}""")).Refused(413, "event.too_large");
        (await member.Json("POST", "/events", $$$"""{"input":{"t":"{{{new string('x', 1_000_000)}}}"}}""")).Refused(413, "event.too_large");
        (await member.Json("POST", "/events", $$$"""{"{{{new string('x', 1_000_000)}}}":1}""")).Status.ShouldBeOneOf(413, 422);
        (await member.Json("POST", "/events", $$$"""{"input":{"t":"{{{new string('x', 2_000_000)}}}"}}""")).Refused(413, "body.too_large");
        (await member.Events()).ShouldBeEmpty();
        var largest = new string('x', 65_535 - Frame.Length);
        (await member.Json("POST", "/events", $$$"""{"input":{"t":"{{{largest}}}"}}""")).Ok();
        (await member.Events()).ShouldHaveSingleItem().Input!.Value.GetProperty("t").GetString().ShouldBe(largest);
    }

    [Theory, Engines]
    public async Task Deepest_allowed_nesting_can_be_read_back(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        string Nested(int levels) => $$$"""{"input":{"a":{{{new string('[', levels)}}}{{{new string(']', levels)}}}}}""";
        foreach (var levels in new[] { 31, 100, 100_000 })
        {
            (await admin.Json("POST", "/events", Nested(levels))).Refused(400, "json.malformed");
        }

        var receipt = (await admin.Json("POST", "/events", Nested(30), ("X-Trace-Id", "deep"))).Ok();
        (await admin.Get("/audit/events")).Ok().GetProperty("items").GetArrayLength().ShouldBe(2);
        (await admin.Get($"/audit/events/{receipt.GetProperty("event_id").GetString()}")).Ok();
        (await admin.Get("/nexus/runs/deep")).Ok();
    }

    [Theory, Engines]
    public async Task Null_character_lone_surrogate_and_invalid_JSON_return_400(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var text in new[] { """{"input":{"t":"\u0000"}}""", """{"input":{"t":"\ud800"}}""", """{"input":{"a":1,"a":2}}""", """{"input":{}""", "" })
        {
            (await member.Json("POST", "/events", text)).Refused(400, "json.malformed");
        }

        (await member.Text("POST", "/events", "{}")).Refused(415, "body.content_type");
        (await member.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Retry_with_same_idempotency_key_records_event_once(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Json("POST", "/events", Whole, ("Idempotency-Key", "k"));
        (await member.Json("POST", "/events", Whole, ("Idempotency-Key", "k"))).Ok().GetRawText().ShouldBe(first.Ok().GetRawText());
        (await member.Json("POST", "/events", "{}", ("Idempotency-Key", "k"))).Refused(422, "idempotency.mismatch");
        (await member.Events()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Concurrent_writers_get_consecutive_sequence_numbers(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(writer => member.Json("POST", "/events", $$$"""{"input":{"writer":{{{writer}}}}}""")));
        replies.Select(reply => reply.Ok().GetProperty("seq").GetInt64()).Order().ShouldBe(Enumerable.Range(0, 100).Select(seq => (long)seq));
        var events = await member.Events();
        events.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 100).Select(seq => (long)seq));
        events.Select(recorded => recorded.Input!.Value.GetProperty("writer").GetInt32()).Order().ShouldBe(Enumerable.Range(0, 100));
        replies.Select(reply => reply.Json.GetProperty("event_id").GetString()).Order(StringComparer.Ordinal).ShouldBe(events.Select(recorded => recorded.EventId).Order(StringComparer.Ordinal));
    }

    [Theory, Engines]
    public async Task Batch_results_are_in_order_and_failed_line_does_not_stop_batch(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        var receipts = await Batch(
            member, """{"input":{"n":1}}""", """{"seq":5}""", "{", """{"input":[]}""", $$"""{"tenant_id":"{{other.Tenant}}"}""", """{"env":"dev"}""", $$$"""{"input":{"t":"{{{new string('x', 70_000)}}}"}}""",
            """{"input":{"n":9007199254740993}}""", "", $$$"""{"tenant_id":"{{{member.Tenant}}}","env":"prod","input":{"n":2}}""");
        receipts.Select(Describe).ShouldBe(
        [
            "accepted 0", "refused 422 body.invalid", "refused 400 json.malformed", "refused 422 body.invalid", "refused 400 context.mismatch", "refused 400 context.mismatch", "refused 413 event.too_large",
            "refused 400 json.malformed", "accepted 1",
        ]);
        (await member.Events()).Select(recorded => recorded.Input!.Value.GetProperty("n").GetInt32()).ShouldBe([1, 2]);
        (await other.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Batch_accepts_at_most_1000_lines(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var lines = Enumerable.Range(0, 1001).Select(n => $$$"""{"input":{"n":{{{n}}}}}""").ToArray();
        (await Send(member, lines)).Refused(422, "batch.too_long");
        (await member.Events()).ShouldBeEmpty();
        (await Batch(member, lines[..1000])).Select(Describe).ShouldBe(Enumerable.Range(0, 1000).Select(seq => $"accepted {seq}"));
        (await member.Events()).Select(recorded => recorded.Input!.Value.GetProperty("n").GetInt32()).ShouldBe(Enumerable.Range(0, 1000));
        (await member.Json("POST", "/events/batch", "{}")).Refused(415, "body.content_type");
    }

    [Theory, Engines]
    public async Task Record_over_storage_quota_returns_403(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Quotas:StorageBytes"] = "4000" });
        using var member = Caller.Create(host);
        (await member.Json("POST", "/events", """{"input":{"a":1}}""")).Ok();
        var refused = await member.Json("POST", "/events", $$$"""{"input":{"t":"{{{new string('x', 5000)}}}"}}""");
        refused.Refused(403, "quota.exceeded").Json.GetProperty("action").GetString().ShouldBe("event_write");
        (await Batch(member, $$$"""{"input":{"t":"{{{new string('x', 5000)}}}"}}""")).Select(Describe).ShouldBe(["refused 403 quota.exceeded"]);
        (await member.Events()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Typed_client_records_and_lists_events(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var http = host.Anonymous();
        var client = new NexusClient(http, new NexusClientOptions { Tenant = admin.Tenant, Env = "prod", Credential = _ => new(admin.Token) });
        var one = await client.RecordEventAsync(new EventRequest { Surface = "chat", Input = JsonElement.Parse("""{"a":1}"""), UtmSource = "news" }, TestContext.Current.CancellationToken);
        (one.Status, one.Seq, one.PiiFlags!.Flags.Count).ShouldBe(("accepted", 0, 0));
        var many = await client.RecordEventsAsync([new EventRequest { SeoSlug = "x" }, new EventRequest { Surface = "" }], TestContext.Current.CancellationToken);
        many.Select(receipt => (receipt.Status, receipt.Seq, receipt.Error?.Code)).ShouldBe([("accepted", 1L, null), ("refused", null, "body.invalid")]);
        var listed = new List<DatasetEvent>();
        await foreach (var recorded in client.ListEventsAsync(new EventFilter { EventType = "event_recorded" }, 1, TestContext.Current.CancellationToken))
        {
            listed.Add(recorded);
        }

        listed.Select(recorded => (recorded.Seq, recorded.Surface, recorded.UtmSource, recorded.SeoSlug)).ShouldBe([(1, "app", null, "x"), (0, "chat", "news", null)]);
    }

    private static string Describe(JsonElement receipt) => receipt.GetProperty("status").GetString() + " " + (receipt.TryGetProperty("seq", out var seq)
        ? seq.GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture)
        : $"{receipt.GetProperty("error").GetProperty("status").GetInt32()} {receipt.GetProperty("error").GetProperty("code").GetString()}");

    private static async Task<Reply> Send(Caller caller, params string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        return await caller.Send("POST", "/events/batch", content);
    }

    private static async Task<List<JsonElement>> Batch(Caller caller, params string[] lines)
    {
        var reply = await Send(caller, lines);
        reply.Status.ShouldBe(200, reply.Body);
        return [.. reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
