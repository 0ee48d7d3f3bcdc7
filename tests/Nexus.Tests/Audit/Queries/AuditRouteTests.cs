using System.Text.Json;

namespace Nexus.Tests.Audit.Queries;

/// <summary><c>/audit/events</c>: admins read the log of their tenant and env; nobody can change it.</summary>
public sealed class AuditRouteTests
{
    [Theory, Engines]
    public async Task Read_requires_auth(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Get("/audit/events", ("Authorization", null))).Refused(401, "auth.missing");
        (await admin.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Read_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var other = Caller.Create(host);
        (await admin.Get("/audit/events", ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Read_by_member_returns_403(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await member.Card();
        (await member.Get("/audit/events")).Refused(403, "auth.role");
        (await member.Get($"/audit/events/{(await member.Events())[0].EventId}")).Refused(403, "auth.role");
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    [Theory, Engines]
    public async Task Other_tenant_or_env_cannot_see_events(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        await member.Card();
        var recorded = (await member.Events())[0];
        foreach (var caller in new[] { stranger, elsewhere })
        {
            (await caller.Get($"/audit/events/{recorded.EventId}")).Refused(404, "not_found");
            var items = (await caller.Get($"/audit/events?asset_id={recorded.Metadata.GetProperty("asset_id").GetString()}")).Ok()
                .GetProperty("items");
            items.GetArrayLength().ShouldBe(0);
        }
    }

    [Theory, Engines]
    public async Task Only_first_page_records_audit_read(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        for (var i = 0; i < 3; i++)
        {
            await admin.Card();
        }

        var page = (await admin.Get("/audit/events?limit=2")).Ok();
        Types(page).ShouldBe(["audit_read", "card_created"]);
        var next = (await admin.Get($"/audit/events?limit=2&cursor={page.GetProperty("next_cursor").GetString()}")).Ok();
        Types(next).ShouldBe(["card_created", "card_created"]);
        next.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
        page.GetProperty("items")
            .EnumerateArray()
            .Concat(next.GetProperty("items").EnumerateArray())
            .Select(recorded => recorded.GetProperty("seq").GetInt64())
            .ShouldBe([3, 2, 1, 0]);
        (await admin.EventTypes()).ShouldBe(["card_created", "card_created", "card_created", "audit_read"]);
    }

    [Theory, Engines]
    public async Task Single_event_matches_list_item(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        await admin.Card();
        var listed = (await admin.Get("/audit/events?event_type=card_created")).Ok()
            .GetProperty("items")
            .EnumerateArray()
            .ShouldHaveSingleItem();
        var alone = await admin.Get($"/audit/events/{listed.GetProperty("event_id").GetString()}");
        alone.Ok().GetRawText().ShouldBe(listed.GetRawText());
        alone["Cache-Control"].ShouldBe("no-store");
        var fields = listed.EnumerateObject().Select(field => field.Name).ToList();
        foreach (var name in new[]
                 {
                     "tenantId", "env", "surface", "agentId", "input", "output", "pii_flags", "train_ok", "metadata", "traceId", "requestId", "actorType", "event_id", "seq", "recorded_at", "leaf_hash", "train_basis",
                 })
        {
            fields.ShouldContain(name);
        }

        Convert.FromBase64String(listed.GetProperty("leaf_hash").GetString()!).Length.ShouldBe(32);
    }

    [Theory, Engines]
    public async Task List_applies_each_filter(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        using var member = admin.Colleague("member");
        var first = (await admin.Post(Caller.Note, ("X-Trace-Id", "trace-1"))).Ok().GetProperty("card_id").GetString();
        await member.Card();
        await member.Find("body");
        var events = await admin.Events();
        await Finds($"actor={member.User}", 2, 1);
        await Finds($"asset_id={first}", 0);
        await Finds("trace_id=trace-1", 0);
        await Finds("event_type=card_created", 1, 0);
        await Finds("action=search", 2);
        await Finds($"surface=nexus&actor={admin.User}&action=card_create", 0);
        await Finds("surface=chat");
        (await admin.Json("POST", "/events", """{"surface":"chat"}""")).Ok();
        (await admin.Get("/audit/events?surface=chat&event_type=event_recorded&action=event_write")).Ok()
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(1);
        await Finds(
            $"to={Uri.EscapeDataString(events[1].RecordedAt.ToString("O"))}&action=card_create",
            events[0].RecordedAt == events[1].RecordedAt ? [] : [0]);
        await Finds($"from={Uri.EscapeDataString(events[2].RecordedAt.ToString("O"))}&actor={member.User}&action=search", 2);
        await Finds("actor=nobody");
        (await admin.Get("/audit/events?from=yesterday")).Refused(400, "request.malformed");
        (await admin.Get("/audit/events?from=2000-01-01T00:00:00Z&to=2001-01-01T00:00:00Z")).Ok()
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(0);
        (await admin.Get("/audit/events?from=2999-01-01T00:00:00Z")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);

        async Task Finds(string filter, params long[] seqs) =>
            (await admin.Get($"/audit/events?{filter}")).Ok().GetProperty("items").EnumerateArray()
                .Where(
                    recorded =>
                        recorded.GetProperty("metadata").GetProperty("action").GetString() != "audit_read"
                            || filter.Contains("audit", StringComparison.Ordinal))
                .Select(recorded => recorded.GetProperty("seq").GetInt64()).ShouldBe(seqs, filter);
    }

    [Theory, Engines]
    public async Task Cursor_survives_appends_and_is_bound_to_its_query(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var stranger = Caller.Create(host, "admin");
        using var elsewhere = admin.Colleague("admin", "dev");
        for (var at = 0; at < 7; at++)
        {
            (await admin.Json("POST", "/events", "{}")).Ok();
        }

        const string Query = "/audit/events?event_type=event_recorded&limit=3";
        var seqs = new List<long>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await admin.Get(Query + cursor)).Ok();
            seqs.AddRange(page.GetProperty("items").EnumerateArray().Select(recorded => recorded.GetProperty("seq").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + next : null;
            if (cursor is not null)
            {
                foreach (var (caller, other) in new[]
                {
                    (stranger, Query),
                    (elsewhere, Query),
                    (admin, "/audit/events?event_type=card_created&limit=3"),
                    (admin, "/audit/events?limit=3"),
                })
                {
                    (await caller.Get(other + cursor)).Refused(400, "cursor.invalid");
                }
            }

            (await admin.Json("POST", "/events", "{}")).Ok();
        }

        seqs.ShouldBe([6, 5, 4, 3, 2, 1, 0]);
        (await admin.EventTypes()).Count(type => type == "audit_read").ShouldBe(1);
        (await stranger.Events()).ShouldBeEmpty();
        (await elsewhere.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Events_cannot_be_changed_or_deleted(string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine), "owner");
        await owner.Card();
        var before = await owner.State();
        var id = (await owner.Events())[0].EventId;
        foreach (var method in new[] { "PUT", "PATCH", "DELETE", "POST" })
        {
            (await owner.Json(method, $"/audit/events/{id}", "{}")).Refused(405, "route.method");
        }

        foreach (var path in new[] { "/audit/events", "/audit/events/stream", "/audit/export", "/events", "/events/batch" })
        {
            foreach (var method in new[] { "PUT", "PATCH", "DELETE" })
            {
                (await owner.Json(method, path, "{}")).Refused(405, "route.method");
            }
        }

        (await owner.Delete($"/events/{id}")).Refused(404, "route.unknown");
        (await owner.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Event_times_are_monotonic_and_sequence_has_no_gaps(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => member.Post()));
        var events = await member.Events();
        events.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 20).Select(seq => (long)seq));
        events.Select(recorded => recorded.RecordedAt).ShouldBe(events.Select(recorded => recorded.RecordedAt).Order());
        events.Select(recorded => recorded.EventId).Distinct(StringComparer.Ordinal).Count().ShouldBe(20);
    }

    private static IEnumerable<string?> Types(JsonElement page) =>
        page.GetProperty("items")
            .EnumerateArray()
            .Select(recorded => recorded.GetProperty("metadata").GetProperty("event_type").GetString());
}
