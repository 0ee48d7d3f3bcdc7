using System.Text.Json;

namespace Nexus.Tests.Agents.Memory;

/// <summary><c>/nexus/memory</c>: the turns of a session, in order, visible to its owner.</summary>
public sealed class MemoryRouteTests
{
    private const string Session = "/nexus/memory/session/s-1";
    private const string Hello = """{"role":"user","content":"hello"}""";

    [Theory, Engines]
    public async Task Create_requires_auth(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", Session + "/turn", Hello, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Get(Session, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Delete(Session, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Session_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        (await member.Json("POST", Session + "/turn", Hello, ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await member.Get(Session, ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Viewer_can_read_but_not_write_or_delete(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Json("POST", Session + "/turn", Hello)).Refused(403, "auth.role");
        (await viewer.Delete(Session)).Refused(403, "auth.role");
        Contents(await viewer.Get(Session)).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Turn_is_returned_and_read_back_but_content_is_not_logged(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var turn = (await member.Json(
            "POST",
            Session + "/turn",
            """{"session_id":"s-1","role":"agent","content":"zirconium","metadata":{"b":1,"a":[true]},"subject_id":"u_9","timestamp":"2020-01-02T03:04:05+01:00"}""")).Ok();
        turn.EnumerateObject().Select(field => field.Name).ShouldBe(["turn_id", "session_id", "role", "content", "timestamp", "metadata"]);
        turn.GetProperty("timestamp").GetString().ShouldBe("2020-01-02T02:04:05Z");
        turn.GetProperty("metadata").GetRawText().ShouldBe("""{"a":[true],"b":1}""");
        var snapshot = (await member.Get(Session)).Ok();
        snapshot.EnumerateObject()
            .Select(field => field.Name)
            .ShouldBe(["session_id", "tenant_id", "env", "turns", "created_at", "updated_at", "next_cursor"]);
        snapshot.GetProperty("turns").EnumerateArray().ShouldHaveSingleItem().GetRawText().ShouldBe(turn.GetRawText());
        snapshot.GetProperty("created_at").GetString().ShouldNotBe("2020-01-02T02:04:05Z");
        var events = await member.Events();
        events.Select(Caller.TypeOf).ShouldBe(["memory_turn_created", "memory_session_read"]);
        events[0].SubjectId.ShouldBe("u_9");
        JsonSerializer.Serialize(events).ShouldNotContain("zirconium");
    }

    [Theory, Engines]
    public async Task Unknown_session_has_no_turns(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        var snapshot = (await viewer.Get(Session)).Ok();
        snapshot.GetProperty("turns").GetArrayLength().ShouldBe(0);
        snapshot.GetProperty("created_at").ValueKind.ShouldBe(JsonValueKind.Null);
        (await viewer.EventTypes()).ShouldBe(["memory_session_read"]);
    }

    [Theory, Engines]
    public async Task Session_of_other_user_looks_unknown_except_to_admins(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host, "member", member.Tenant, user: "u_other");
        using var admin = member.Colleague("admin");
        (await member.Json("POST", Session + "/turn", Hello)).Ok();
        (await other.Get(Session)).Body.ShouldBe(
            (await other.Get("/nexus/memory/session/s-2")).Body.Replace("s-2", "s-1", StringComparison.Ordinal));
        (await other.Delete(Session)).Refused(404, "not_found");
        (await other.Json("POST", Session + "/turn", Hello)).Refused(409, "memory.session_taken");
        Contents(await admin.Get(Session)).ShouldBe(["hello"]);
        using var demoted = Caller.Create(host, "viewer", member.Tenant, user: member.User);
        Contents(await demoted.Get(Session)).ShouldBe(["hello"]);
    }

    [Theory, Engines]
    public async Task Session_is_invisible_to_other_tenant_or_env(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        (await member.Json("POST", Session + "/turn", Hello)).Ok();
        Contents(await stranger.Get(Session)).ShouldBeEmpty();
        Contents(await elsewhere.Get(Session)).ShouldBeEmpty();
        (await stranger.Delete(Session)).Refused(404, "not_found");
        Contents(await member.Get(Session)).ShouldBe(["hello"]);
    }

    [Theory, Engines]
    public async Task Concurrent_turns_have_one_gapless_order(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var posted = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(at => member.Json("POST", Session + "/turn", $$"""{"role":"user","content":"{{at}}"}""")));
        var ids = posted.Select(reply => reply.Ok().GetProperty("turn_id").GetString()).ToHashSet(StringComparer.Ordinal);
        var read = (await member.Get(Session + "?limit=100")).Ok()
            .GetProperty("turns")
            .EnumerateArray()
            .Select(turn => turn.GetProperty("turn_id").GetString())
            .ToList();
        read.ToHashSet(StringComparer.Ordinal).SetEquals(ids).ShouldBeTrue();
        (await member.Events()).Where(recorded => Caller.TypeOf(recorded) == "memory_turn_created")
            .Select(recorded => recorded.Output!.Value.GetProperty("turn_id").GetString())
            .ShouldBe(read);
    }

    [Theory, Engines]
    public async Task Paging_runs_forward_and_with_last_backward(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        for (var at = 0; at < 7; at++)
        {
            (await member.Json("POST", Session + "/turn", $$"""{"role":"user","content":"{{at}}"}""")).Ok();
        }

        (await Pages("?limit=3")).ShouldBe(["0 1 2", "3 4 5", "6"]);
        (await Pages("?last=3")).ShouldBe(["4 5 6", "1 2 3", "0"]);
        (await Pages("?last=7")).ShouldBe(["0 1 2 3 4 5 6"]);
        var forwards = (await member.Get(Session + "?limit=3")).Ok().GetProperty("next_cursor").GetString();
        (await member.Get($"{Session}?last=3&cursor={forwards}")).Refused(400, "cursor.invalid");
        (await member.Get($"/nexus/memory/session/s-2?cursor={forwards}")).Refused(400, "cursor.invalid");
        (await member.Get(Session + "?last=0")).Refused(422, "last.invalid");
        (await member.Get(Session + "?last=101")).Refused(422, "last.invalid");
        (await member.Get(Session + "?limit=0")).Refused(422, "limit.invalid");
        (await member.Get(Session + "?limit=101")).Refused(422, "limit.invalid");

        async Task<List<string>> Pages(string query)
        {
            var pages = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await member.Get(Session + query + cursor);
                pages.Add(string.Join(' ', Contents(page)));
                cursor = page.Json.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + next : null;
            }

            return pages;
        }
    }

    [Theory, Engines]
    public async Task Page_of_large_turns_is_shorter_and_rest_follows(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var body = JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = "user", ["content"] = new string('x', 256 << 10) });
        for (var at = 0; at < 18; at++)
        {
            (await member.Json("POST", Session + "/turn", body)).Ok();
        }

        var first = (await member.Get(Session)).Ok();
        first.GetProperty("turns").GetArrayLength().ShouldBe(16);
        var rest = (await member.Get($"{Session}?cursor={first.GetProperty("next_cursor").GetString()}")).Ok();
        rest.GetProperty("turns").GetArrayLength().ShouldBe(2);
        rest.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory, Engines]
    public async Task Delete_removes_all_turns_and_frees_session_id(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host, "member", member.Tenant, user: "u_other");
        (await member.Json("POST", Session + "/turn", Hello)).Ok();
        (await member.Json("POST", Session + "/turn", Hello)).Ok();
        (await member.Delete(Session)).Status.ShouldBe(204);
        (await member.State()).ShouldContain("0 memory_sessions, 0 memory_turns");
        Contents(await member.Get(Session)).ShouldBeEmpty();
        (await member.Delete(Session)).Refused(404, "not_found");
        (await other.Json("POST", Session + "/turn", Hello)).Ok();
        (await member.EventTypes()).ShouldBe(
            ["memory_turn_created", "memory_turn_created", "memory_session_deleted", "memory_session_read", "memory_turn_created"]);
    }

    [Theory, Engines]
    public async Task Turns_count_toward_quota_until_deleted(string engine)
    {
        var host = await NexusHost.SharedAsync(
            engine,
            "memory quota",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Quotas:StorageBytes"] = "100000" });
        using var member = Caller.Create(host);
        var body = $$"""{"role":"user","content":"{{new string('x', 60_000)}}"}""";
        (await member.Json("POST", Session + "/turn", body)).Ok();
        (await member.Json("POST", Session + "/turn", body)).Refused(403, "quota.exceeded");
        (await member.Delete(Session)).Status.ShouldBe(204);
        (await member.Json("POST", Session + "/turn", body)).Ok();
    }

    [Theory, Engines]
    public async Task Idempotent_retry_adds_no_turn(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Json("POST", Session + "/turn", Hello, ("Idempotency-Key", "k"));
        first.Ok();
        (await member.Json("POST", Session + "/turn", Hello, ("Idempotency-Key", "k"))).Body.ShouldBe(first.Body);
        Contents(await member.Get(Session)).ShouldBe(["hello"]);
    }

    [Theory, Engines]
    public async Task Invalid_turn_is_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var before = await member.State();
        (string Path, string Body, string Answer)[] turns =
        [
            ("s-1", """{"session_id":"s-2","role":"user","content":"x"}""", "400 context.mismatch"),
            ("s-1", """{"role":"user","content":"x","env":"dev"}""", "400 context.mismatch"),
            ("s-1", """{"role":"robot","content":"x"}""", "422 body.invalid"),
            ("s-1", """{"role":"user","content":""}""", "422 body.invalid"),
            ("s-1", """{"role":"user"}""", "422 body.invalid"),
            ("s-1", """{"content":"x"}""", "422 body.invalid"),
            ("s-1", """{"role":"user","content":1}""", "422 body.invalid"),
            ("s-1", """{"role":"user","content":"x","metadata":[]}""", "422 body.invalid"),
            ("s-1", """{"role":"user","content":"x","timestamp":"yesterday"}""", "422 body.invalid"),
            ("s-1", """{"role":"user","content":"x","turn_id":"t"}""", "422 body.invalid"),
            ("s-1", """{"role":"user","content":"x","subject_id":""}""", "422 body.invalid"),
            ("s-1", $$"""{"role":"user","content":"{{new string('x', (256 << 10) + 1)}}"}""", "422 body.invalid"),
            ("s-1", "{", "400 json.malformed"),
            (new string('s', 201), Hello, "422 body.invalid"),
            ("a%20b", Hello, "422 body.invalid"),
            ("a%2Fb", Hello, "422 body.invalid"),
            ("a%E2%80%AEb", Hello, "422 body.invalid"),
            ("a%0D%0Ab", Hello, "422 body.invalid"),
        ];
        var wrong = new List<string>();
        foreach (var (path, body, answer) in turns)
        {
            if (await member.Json("POST", $"/nexus/memory/session/{path}/turn", body) is var reply && reply.ToString() != answer)
            {
                wrong.Add($"{path} {body[..Math.Min(body.Length, 80)]}: {reply}, not {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await member.Json("POST", $"/nexus/memory/session/{new string('s', 10_240)}/turn", Hello)).Status.ShouldBeInRange(400, 499);
        (await member.Get($"/nexus/memory/session/{new string('s', 10_240)}")).Status.ShouldBeInRange(400, 499);
        (await member.Get($"/nexus/memory/session/{new string('s', 201)}")).Refused(422, "body.invalid");
        (await member.State()).ShouldBe(before);
    }

    private static string[] Contents(Reply reply) =>
        [.. reply.Ok().GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("content").GetString()!)];
}
