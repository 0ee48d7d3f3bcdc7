using System.Text.Json;

namespace Nexus.Tests.Audit.Runs;

/// <summary><c>/nexus/runs</c>: events grouped by trace, kept up to date by each append.</summary>
public sealed class RunRouteTests
{
    [Theory, Engines]
    public async Task List_requires_auth(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Get("/nexus/runs", ("Authorization", null))).Refused(401, "auth.missing");
        (await viewer.Get("/nexus/runs/x", ("Authorization", null))).Refused(401, "auth.missing");
    }

    [Theory, Engines]
    public async Task List_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var viewer = Caller.Create(host, "viewer");
        using var other = Caller.Create(host);
        (await viewer.Get("/nexus/runs", ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
    }

    [Theory, Engines]
    public async Task Run_counts_events_and_cards_of_its_trace(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (string, string?) trace = ("X-Trace-Id", "trace-1");
        (await member.Post(headers: trace)).Ok();
        (await member.Json("POST", "/nexus/search", """{"query_text":"body"}""", trace)).Ok();
        (await member.Post(headers: trace)).Ok();
        var run = (await member.Get("/nexus/runs")).Ok().EnumerateArray().ShouldHaveSingleItem();
        run.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["run_id", "tenant_id", "env", "start_time", "end_time", "status", "kind", "events_count", "cards_count", "atoms_count", "metadata"]);
        run.GetProperty("run_id").GetString().ShouldBe("trace-1");
        run.GetProperty("kind").GetString().ShouldBe("card_ingest");
        run.GetProperty("events_count").GetInt64().ShouldBe(3);
        run.GetProperty("cards_count").GetInt64().ShouldBe(2);
        run.GetProperty("atoms_count").GetInt64().ShouldBe(0);
        run.GetProperty("metadata").GetRawText().ShouldBe("""{"event_types":["card_created","card_search"]}""");
        var events = await member.Events();
        run.GetProperty("start_time").GetDateTimeOffset().ShouldBe(events[0].RecordedAt);
        run.GetProperty("end_time").GetDateTimeOffset().ShouldBe(events[^1].RecordedAt);
        (await member.EventTypes()).Length.ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Kind_is_the_most_significant_action_of_run(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await Kind("unknown", "GET", "/nexus/settings/apps", "");
        await Kind("memory", "GET", "/nexus/memory/session/s", "");
        await Kind("search", "POST", "/nexus/search", """{"query_text":"x"}""");
        (await member.Post(headers: ("X-Trace-Id", "all"))).Ok();
        await Kind("card_ingest", "POST", "/nexus/search", """{"query_text":"x"}""");
        await Kind("influence_pack", "POST", "/nexus/influence-pack", """{"query":{"query_text":"x"}}""");
        await Kind("influence_pack", "POST", "/nexus/search", """{"query_text":"x"}""");

        async Task Kind(string kind, string method, string path, string body)
        {
            (await (method == "GET"
                ? member.Get(path, ("X-Trace-Id", "all"))
                : member.Json(method, path, body, ("X-Trace-Id", "all")))).Ok();
            (await member.Get("/nexus/runs/all")).Ok().GetProperty("kind").GetString().ShouldBe(kind);
        }
    }

    [Theory, Engines]
    public async Task Counts_are_exact_under_concurrent_appends(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await Task.WhenAll(Enumerable.Range(0, 60).Select(at => member.Post(headers: ("X-Trace-Id", "t" + (at % 3)))));
        var bad = await member.Post("no separator", ("X-Trace-Id", "t0"));
        bad.Status.ShouldBe(422);
        var runs = (await member.Get("/nexus/runs")).Ok().EnumerateArray().ToList();
        runs.Select(run => run.GetProperty("cards_count").GetInt64()).ShouldBe([20, 20, 20]);
        runs.Select(run => run.GetProperty("events_count").GetInt64()).ShouldBe([20, 20, 20]);
    }

    [Theory, Engines]
    public async Task Refused_batch_line_is_not_counted(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var body = new StringContent(
            "{\"text\":\"card_type: a\\n---\\n\"}\n{\"text\":\"bad\"}\n{\"text\":\"card_type: b\\n---\\n\"}\n",
            System.Text.Encoding.UTF8,
            "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", body, ("X-Trace-Id", "batch"))).Status.ShouldBe(200);
        var run = (await member.Get("/nexus/runs/batch")).Ok();
        run.GetProperty("cards_count").GetInt64().ShouldBe(2);
        run.GetProperty("events").GetArrayLength().ShouldBe(2);
    }

    [Theory, Engines]
    public async Task List_is_newest_first_with_limited_page_size(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var trace in new[] { "a", "b", "c" })
        {
            (await member.Post(headers: ("X-Trace-Id", trace))).Ok();
        }

        // A run keeps the seq of its first event.
        (await member.Post(headers: ("X-Trace-Id", "a"))).Ok();
        Ids(await member.Get("/nexus/runs")).ShouldBe(["c", "b", "a"]);
        var first = await member.Get("/nexus/runs?limit=2");
        Ids(first).ShouldBe(["c", "b"]);
        var next = first["Link"]!.Split(['<', '>'])[1];
        Ids(await member.Get(next)).ShouldBe(["a"]);
        (await member.Get("/nexus/runs?limit=100")).Ok();
        (await member.Get("/nexus/runs?limit=101")).Refused(422, "limit.invalid");
        (await member.Get("/nexus/runs?limit=0")).Refused(422, "limit.invalid");
        (await member.Get("/nexus/runs?limit=x")).Refused(422, "limit.invalid");
    }

    [Theory, Engines]
    public async Task Run_pages_through_its_events_in_order(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        for (var at = 0; at < 3; at++)
        {
            (await member.Post(headers: ("X-Trace-Id", "mine"))).Ok();
            (await member.Post(headers: ("X-Trace-Id", "other"))).Ok();
        }

        var first = (await member.Get("/nexus/runs/mine?limit=2")).Ok();
        Seqs(first).ShouldBe([0, 2]);
        Seqs((await member.Get($"/nexus/runs/mine?limit=2&cursor={first.GetProperty("next_cursor").GetString()}")).Ok()).ShouldBe([4]);
        (await member.Get("/nexus/runs/none")).Refused(404, "not_found");

        static IEnumerable<long> Seqs(JsonElement run) =>
            run.GetProperty("events").EnumerateArray().Select(recorded => recorded.GetProperty("seq").GetInt64());
    }

    [Theory, Engines]
    public async Task Other_tenant_or_env_cannot_see_run(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        (await member.Post(headers: ("X-Trace-Id", "mine"))).Ok();
        (await stranger.Post(headers: ("X-Trace-Id", "mine"))).Ok();
        (await stranger.Get("/nexus/runs/mine")).Ok().GetProperty("events_count").GetInt64().ShouldBe(1);
        (await elsewhere.Get("/nexus/runs/mine")).Refused(404, "not_found");
        Ids(await elsewhere.Get("/nexus/runs")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Viewer_sees_neither_actor_nor_session_of_others_events(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var viewer = member.Colleague("viewer");
        using var admin = member.Colleague("admin");
        (string, string?) trace = ("X-Trace-Id", "mixed");
        var card = (await member.Post(headers: trace)).Ok().GetProperty("card_id").GetString();
        (await member.Json(
            "POST",
            "/nexus/memory/session/secret-session/turn",
            """{"role":"user","content":"x","subject_id":"u_subject"}""",
            trace)).Ok();
        (await viewer.Get("/nexus/memory/session/my-session", trace)).Ok();
        var seen = await viewer.Get("/nexus/runs/mixed");
        seen.Ok().GetProperty("events").GetArrayLength().ShouldBe(3);
        seen.Body.ShouldContain(card!);
        seen.Body.ShouldContain("my-session");
        seen.Body.ShouldNotContain("secret-session");
        seen.Body.ShouldNotContain("u_subject");
        seen.Body.ShouldNotContain(member.User);
        foreach (var reader in new[] { admin, member })
        {
            (await reader.Get("/nexus/runs/mixed")).Body.ShouldContain("secret-session");
        }
    }

    [Theory, Engines]
    public async Task Viewer_sees_that_others_recorded_events_but_not_content(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var viewer = member.Colleague("viewer");
        using var admin = member.Colleague("admin");
        (string, string?) trace = ("X-Trace-Id", "own");
        (await member.Json(
            "POST",
            "/events",
            """{"surface":"said-1","input":{"x":"said-2"},"metadata":{"said-3":1,"origin_ref":{"x":"said-4"}},"subject_id":"said-5","utm_source":"said-6","seo_title":"said-7","asset_alt_text":"said-8","analytics_platform":"said-9"}""",
            trace)).Ok();
        (await member.Json("POST", "/nexus/search", """{"query_text":"body"}""", trace)).Ok();
        (await member.Json("POST", "/events", "{}", trace)).Ok();
        var run = (await member.Get("/nexus/runs")).Ok().EnumerateArray().ShouldHaveSingleItem();
        run.GetProperty("kind").GetString().ShouldBe("search");
        run.GetProperty("events_count").GetInt64().ShouldBe(3);
        run.GetProperty("metadata").GetRawText().ShouldBe("""{"event_types":["event_recorded","card_search"]}""");
        var seen = await viewer.Get("/nexus/runs/own");
        seen.Ok()
            .GetProperty("events")
            .EnumerateArray()
            .Select(recorded => recorded.GetProperty("metadata").GetProperty("event_type").GetString())
            .ShouldBe(["event_recorded", "card_search", "event_recorded"]);
        seen.Body.ShouldNotContain("said-");
        foreach (var reader in new[] { admin, member })
        {
            var whole = (await reader.Get("/nexus/runs/own")).Body;
            Enumerable.Range(1, 9).ShouldAllBe(at => whole.Contains("said-" + at, StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string?> Ids(Reply reply) =>
        reply.Ok().EnumerateArray().Select(run => run.GetProperty("run_id").GetString());
}
