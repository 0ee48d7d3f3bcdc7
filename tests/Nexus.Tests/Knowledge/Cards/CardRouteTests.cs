using System.Text.Json;

namespace Nexus.Tests.Knowledge.Cards;

/// <summary><c>/nexus/cards</c>: results, access, and recorded events.</summary>
public sealed class CardRouteTests
{
    [Theory, Engines]
    public async Task Create_requires_auth(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var refusal = await member.Post(headers: ("Authorization", null));
        refusal.Refused(401, "auth.missing")["WWW-Authenticate"].ShouldBe("Bearer");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Create_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        (await member.Post(headers: ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Create_by_viewer_returns_403(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Post()).Refused(403, "auth.role");
        (await viewer.Send("POST", "/nexus/cards/batch", Lines("{}"))).Refused(403, "auth.role");
        (await viewer.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Put_by_viewer_returns_403(string engine) => await ShouldReturn403ToViewer(engine, "PUT");

    [Theory, Engines]
    public async Task Delete_by_viewer_returns_403(string engine) => await ShouldReturn403ToViewer(engine, "DELETE");

    [Theory, Engines]
    public async Task Other_tenant_cannot_see_card(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        await ShouldNotSeeCard(owner, stranger);
    }

    [Theory, Engines]
    public async Task Other_env_cannot_see_card(string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine));
        using var elsewhere = owner.Colleague("owner", "staging");
        await ShouldNotSeeCard(owner, elsewhere);
    }

    [Theory, Engines]
    public async Task Create_returns_card_as_posted_and_records_card_created(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        const string Text =
            "\ufeff---\r\ncard_type: decision\r\nversion: 1.10\r\ntitle: Größe\r\nartifact_refs: [a1]\r\n---\r\n\r\n Body with "
            + "🦊\r\n---\r\nmore \r\n";
        var reply = await member.Post(Text, ("X-Request-Id", "r-1"), ("X-Trace-Id", "t-1"));
        var card = reply.Ok();
        card.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["card_id", "tenant_id", "env", "version", "card_type", "header", "body_text", "full_text", "metadata", "created_at", "created_by"]);
        card.GetProperty("tenant_id").GetString().ShouldBe(member.Tenant);
        card.GetProperty("env").GetString().ShouldBe("prod");
        card.GetProperty("version").GetString().ShouldBe("1.10");
        card.GetProperty("card_type").GetString().ShouldBe("decision");
        card.GetProperty("full_text").GetString().ShouldBe(Text);
        card.GetProperty("body_text").GetString().ShouldBe("Body with 🦊\r\n---\r\nmore");
        card.GetProperty("header").GetProperty("title").GetString().ShouldBe("Größe");
        card.GetProperty("created_by").GetString().ShouldBe(member.User);
        card.GetProperty("created_at").GetString()!.ShouldEndWith("Z");
        reply["ETag"].ShouldBe("\"1\"");
        reply["Cache-Control"].ShouldBe("no-store");

        var recorded = (await member.Events()).ShouldHaveSingleItem();
        recorded.Seq.ShouldBe(0);
        recorded.TenantId.ShouldBe(member.Tenant);
        recorded.Env.ShouldBe("prod");
        recorded.AgentId.ShouldBe(member.User);
        recorded.RequestId.ShouldBe("r-1");
        recorded.TraceId.ShouldBe("t-1");
        recorded.ActorType.ShouldBe("human");
        var metadata = recorded.Metadata;
        (string Name, string Value)[] said =
        [
            ("event_type", "card_created"), ("action", "card_create"), ("asset_type", "card"),
            ("asset_id", card.GetProperty("card_id").GetString()!),
            ("trace_id", "t-1"), ("request_id", "r-1"), ("actor_type", "human"),
        ];
        foreach (var (name, value) in said)
        {
            metadata.GetProperty(name).GetString().ShouldBe(value, name);
        }

        metadata.GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()).ShouldBe(["kill_switch", "rate_limit", "quota"]);
        metadata.GetProperty("origin_ref").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Theory, Engines]
    public async Task Get_returns_same_body_as_create_and_records_no_event(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var viewer = member.Colleague("viewer");
        var made = await member.Post();
        var id = made.Ok().GetProperty("card_id").GetString();
        var got = await viewer.Get($"/nexus/cards/{id}");
        got.Body.ShouldBe(made.Body);
        got["ETag"].ShouldBe(made["ETag"]);
        (await viewer.Get($"/nexus/cards/{id}", ("If-None-Match", got["ETag"]))).Status.ShouldBe(304);
        (await viewer.Get($"/nexus/cards/{id}", ("If-None-Match", "\"7\""))).Status.ShouldBe(200);
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    [Theory, Engines]
    public async Task Put_adds_revision_and_records_card_updated(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card();
        var put = await member.Text("PUT", $"/nexus/cards/{id}", "card_type: memo\n---\nsecond", ("If-Match", "\"1\""));
        put.Ok().GetProperty("card_type").GetString().ShouldBe("memo");
        put["ETag"].ShouldBe("\"2\"");
        (await member.Text("PUT", $"/nexus/cards/{id}", "card_type: memo\n---\nthird", ("If-Match", "*"))).Ok();
        var revisions = (await member.Get($"/nexus/cards/{id}/revisions")).Ok().GetProperty("items").EnumerateArray().ToList();
        revisions.Select(revision => revision.GetProperty("revision").GetInt32()).ShouldBe([3, 2, 1]);
        revisions.Select(revision => revision.GetProperty("body_text").GetString()).ShouldBe(["third", "second", "The body."]);
        (await member.EventTypes()).ShouldBe(["card_created", "card_updated", "card_updated"]);
        var kept = (await member.Get($"/nexus/cards/{id}")).Ok();
        kept.GetProperty("body_text").GetString().ShouldBe("third");
        kept.GetProperty("created_at").GetString().ShouldBe(revisions[2].GetProperty("created_at").GetString());
    }

    [Theory, Engines]
    public async Task Delete_removes_card_with_revisions_and_records_card_deleted(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card();
        (await member.Text("PUT", $"/nexus/cards/{id}", Caller.Note, ("If-Match", "\"1\""))).Ok();
        (await member.Delete($"/nexus/cards/{id}", ("If-Match", "\"1\""))).Refused(412, "precondition.failed");
        (await member.Delete($"/nexus/cards/{id}", ("If-Match", "\"2\""))).Status.ShouldBe(204);
        (await member.Get($"/nexus/cards/{id}")).Refused(404, "not_found");
        (await member.Get($"/nexus/cards/{id}/revisions")).Refused(404, "not_found");
        (await member.Text("PUT", $"/nexus/cards/{id}", Caller.Note, ("If-Match", "*"))).Refused(404, "not_found");
        (await member.Delete($"/nexus/cards/{id}")).Refused(404, "not_found");
        (await member.Get("/nexus/cards")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
        (await member.EventTypes()).ShouldBe(["card_created", "card_updated", "card_deleted"]);
    }

    [Theory, Engines]
    public async Task List_is_newest_first_and_pages_without_gaps_or_repeats(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, await member.Card($"card_type: {(i % 2 == 0 ? "even" : "odd")}\n---\n{i}"));
        }

        var seen = new List<string>();
        for (var next = "/nexus/cards?limit=2"; next is not null;)
        {
            var page = await member.Get(next);
            seen.AddRange(page.Ok().GetProperty("items").EnumerateArray().Select(card => card.GetProperty("card_id").GetString()!));
            next = page["Link"] is { } link ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
            (page.Json.GetProperty("next_cursor").ValueKind == JsonValueKind.Null).ShouldBe(next is null);
        }

        seen.ShouldBe(made);
        (await Ids("/nexus/cards?card_type=odd")).ShouldBe([made[1], made[3]]);
        var third = (await member.Get($"/nexus/cards/{made[2]}")).Ok().GetProperty("created_at").GetString();
        (await Ids($"/nexus/cards?created_after={third}")).ShouldBe(made[..2]);
        (await Ids($"/nexus/cards?created_after={third}&card_type=odd")).ShouldBe([made[1]]);

        async Task<IEnumerable<string?>> Ids(string path) =>
            (await member.Get(path)).Ok().GetProperty("items").EnumerateArray().Select(card => card.GetProperty("card_id").GetString());
    }

    private static async Task ShouldNotSeeCard(Caller owner, Caller stranger)
    {
        var id = await owner.Card();
        (await stranger.Get($"/nexus/cards/{id}")).Refused(404, "not_found");
        (await stranger.Get($"/nexus/cards/{id}/revisions")).Refused(404, "not_found");
        (await stranger.Text("PUT", $"/nexus/cards/{id}", Caller.Note, ("If-Match", "*"))).Refused(404, "not_found");
        (await stranger.Delete($"/nexus/cards/{id}")).Refused(404, "not_found");
        (await stranger.Get("/nexus/cards")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
        (await stranger.EventTypes()).ShouldBeEmpty();
        (await owner.Get($"/nexus/cards/{id}")).Ok();
    }

    private static async Task ShouldReturn403ToViewer(string engine, string method)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var viewer = member.Colleague("viewer");
        var id = await member.Card();
        (await viewer.Text(method, $"/nexus/cards/{id}", Caller.Note, ("If-Match", "*"))).Refused(403, "auth.role");
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    private static StringContent Lines(string lines) => new(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
}
