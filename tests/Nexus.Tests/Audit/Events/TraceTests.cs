using System.Text;
using System.Text.Json;
using Nexus.Tests.Knowledge.Search;


namespace Nexus.Tests.Audit.Events;

/// <summary>Every event contains its request and trace ids, the actor, the action and the gates it passed.</summary>
public sealed class TraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    [Theory, Engines]
    public async Task Trace_id_attached(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host, "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        (string Action, string Type, Func<(string, string?)[], Task<Reply>> Do)[] steps =
        [
            ("card_create", "card_created", headers => owner.Post(headers: headers)),
            ("search", "card_search", headers => owner.Json("POST", "/nexus/search", """{"query_text":"body"}""", headers)),
            ("pack_create", "pack_created", headers =>
                owner.Json("POST", "/nexus/influence-pack", """{"query":{"query_text":"body"}}""", headers)),
            ("memory_write", "memory_turn_created", headers =>
                owner.Json("POST", "/nexus/memory/session/s/turn", """{"role":"user","content":"x"}""", headers)),
            ("memory_read", "memory_session_read", headers => owner.Get("/nexus/memory/session/s", headers)),
            ("settings_read", "settings_read", headers => owner.Get("/nexus/settings/apps", headers)),
            ("event_write", "event_recorded", headers => owner.Json("POST", "/events", """{"input":{"a":1}}""", headers)),
            ("event_write", "event_recorded", headers =>
                owner.Send("POST", "/events/batch", new StringContent("{}\n", Encoding.UTF8, "application/x-ndjson"), headers)),
            ("kill_switch_write", "kill_switch_updated", headers => owner.Json("PUT", "/kill-switches", "{}", headers)),
            ("member_write", "member_added", headers =>
                owner.Json("POST", $"/tenants/{owner.Tenant}/api-keys", """{"name":"n","role":"viewer"}""", headers)),
            ("raw_presign", "raw_asset_presigned", headers =>
                owner.Json("POST", "/nexus/raw/presign-upload", """{"filename":"a.txt"}""", headers)),
            ("audit_read", "audit_read", headers => owner.Get("/audit/events", headers)),
            ("audit_export", "audit_exported", headers => owner.Get("/audit/export", headers)),
        ];
        var before = (await owner.Events()).Count;
        for (var at = 0; at < steps.Length; at++)
        {
            var reply = await steps[at].Do([("traceparent", $"00-{Trace}-{Span}-01"), ("X-Request-Id", $"request-{at}")]);
            reply.Status.ShouldBe(200, reply.Body);
            (reply["X-Request-Id"], reply["X-Trace-Id"]).ShouldBe(($"request-{at}", Trace));
        }

        var events = (await owner.Events()).Skip(before).ToList();
        events.Count.ShouldBe(steps.Length);
        for (var at = 0; at < steps.Length; at++)
        {
            var recorded = events[at];
            (recorded.RequestId, recorded.TraceId, recorded.ActorType, recorded.AgentId).ShouldBe(
                ($"request-{at}", Trace, "human", owner.User));
            var metadata = recorded.Metadata;
            (Text(metadata, "request_id"), Text(metadata, "trace_id"), Text(metadata, "actor_type")).ShouldBe(
                ($"request-{at}", Trace, "human"));
            metadata.GetProperty("gates")
                .EnumerateArray()
                .Select(gate => gate.GetString())
                .ShouldBe(["kill_switch", "rate_limit", "quota"]);
            if (steps[at].Action != "member_write")
            {
                (Text(metadata, "action"), Text(metadata, "event_type")).ShouldBe((steps[at].Action, steps[at].Type));
            }

            metadata.TryGetProperty("asset_type", out _).ShouldBeTrue();
            metadata.TryGetProperty("asset_id", out _).ShouldBeTrue();
            metadata.GetProperty("origin_ref").ValueKind.ShouldBe(JsonValueKind.Object);
        }
    }

    [Theory, Engines]
    public async Task Response_traceparent_keeps_trace_id_with_new_span(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var flags in new[] { "00", "01" })
        {
            var first = (await member.Get("/nexus/cards", ("traceparent", $"00-{Trace}-{Span}-{flags}")))["traceparent"];
            var second = (await member.Get("/nexus/cards", ("traceparent", $"00-{Trace}-{Span}-{flags}")))["traceparent"];
            first.ShouldNotBe(second);
            foreach (var answered in new[] { first!, second! })
            {
                answered.ShouldMatch($@"\A00-{Trace}-[0-9a-f]{{16}}-{flags}\z");
                answered.ShouldNotContain(Span);
            }
        }

        // Also if the request is refused, at each stage.
        (await member.Get("/audit/events", ("traceparent", $"00-{Trace}-{Span}-01")))["traceparent"]!.ShouldStartWith($"00-{Trace}-");
        (await member.Get("/nowhere", ("traceparent", $"00-{Trace}-{Span}-01")))["traceparent"]!.ShouldStartWith($"00-{Trace}-");
        (await member.Get("/nexus/cards"))["traceparent"].ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Invalid_traceparent_is_ignored(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var bad in new[]
                 {
                     $"00-{Trace}-{new string('0', 16)}-01", $"00-{new string('0', 32)}-{Span}-01", $"ff-{Trace}-{Span}-01", $"00-{Trace}-{Span}-01-extra", $"00-{Trace}-{Span}", $"00-{Trace}-{Span}-1",
                     $"00-{Trace}-{Span}-zz", $"00-{Trace}x-{Span}-01", $"0-{Trace}-{Span}-01", Trace, "00", "-", "\t", new string(
                         'a',
                         5000),
                 })
        {
            var reply = await member.Get("/nexus/cards", ("traceparent", bad), ("X-Trace-Id", "mine"));
            (reply.Status, reply["X-Trace-Id"], reply["traceparent"]).ShouldBe((200, "mine", null), bad);
        }

        var twice = await member.RawInContext(
            "GET /nexus/cards HTTP/1.1",
            $"traceparent: 00-{Trace}-{Span}-01\r\ntraceparent: 00-{Trace}-{Span}-01\r\nX-Trace-Id: mine\r\n");
        (twice.Status, twice["X-Trace-Id"]).ShouldBe((200, "mine"));
    }

    [Theory, Engines]
    public async Task Ids_with_unsafe_characters_are_replaced(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        // CR LF ends a header. The rest is another header, which is not echoed.
        var split = await member.RawInContext("GET /nexus/cards HTTP/1.1", "X-Request-Id: a\r\nX-Injected: yes\r\n");
        (split.Status, split["X-Request-Id"], split["X-Injected"]).ShouldBe((200, "a", null));
        var refused = 0;
        foreach (var id in new[]
                 {
                     "a\nX-Injected: yes", "a\rX-Injected: yes", "a\r\n X-Injected: yes", "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007", "\u009b31m", "a\0b", "a\tb", "%0d%0aX-Injected:%20yes", "\u0085", "é",
                     "<script>", "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd",
                 })
        {
            foreach (var header in new[] { "X-Request-Id", "X-Trace-Id" })
            {
                var reply = await member.RawInContext(
                    "POST /events HTTP/1.1",
                    $"{header}: {id}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n",
                    "{}");
                reply.Headers.ContainsKey("X-Injected").ShouldBeFalse(id);
                if (reply.Status == 400)
                {
                    refused++;
                    continue;
                }

                reply.Ok();
                Guid.TryParse(reply["X-Request-Id"], out _).ShouldBeTrue(reply["X-Request-Id"]);
                reply["X-Trace-Id"].ShouldBe(reply["X-Request-Id"]);
            }
        }

        var events = await member.Events();
        events.Count.ShouldBe(30 - refused);
        events.ShouldAllBe(recorded => Guid.Parse(recorded.RequestId) != Guid.Empty && recorded.TraceId == recorded.RequestId);
    }

    [Theory, Engines]
    public async Task Event_actor_is_the_API_key(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host, "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        foreach (var (asked, actor) in new[] { ("", "agent"), (",\"actor_type\":\"human\"", "human") })
        {
            var key = (await owner.Json("POST", $"/tenants/{owner.Tenant}/api-keys", $$"""{"name":"n","role":"member"{{asked}}}""")).Ok();
            using var caller = Caller.WithToken(host, key.GetProperty("key").GetString()!, owner.Tenant);
            (await caller.Json("POST", "/events", "{}")).Ok();
            var recorded = (await owner.Events())[^1];
            (recorded.AgentId, recorded.ActorType, Caller.TypeOf(recorded)).ShouldBe(
                ("key_" + key.GetProperty("key_id").GetString(), actor, "event_recorded"));
        }
    }

    [Theory, Engines]
    public async Task Outgoing_request_carries_traceparent(string engine)
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Nexus:Embeddings:Url"] = service.Url.ToString(),
                ["Nexus:Embeddings:Model"] = "words",
            });
        using var member = Caller.Create(host);
        (await member.Json(
            "POST",
            "/nexus/search",
            """{"query_text":"vehicle","mode":"semantic"}""",
            ("traceparent", $"00-{Trace}-{Span}-01"))).Ok();
        service.TraceParent.ShouldNotBeNull().ShouldStartWith($"00-{Trace}-");
    }

    private static string? Text(JsonElement metadata, string name) => metadata.GetProperty(name).GetString();
}
