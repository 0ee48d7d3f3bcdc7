using System.Text.Json;
using Nexus.Client;

namespace Nexus.Tests.Agents.Maybes;

/// <summary><c>/maybes/items</c>: create, update, list and delete.</summary>
public sealed class MaybeRouteTests
{
    [Theory, Engines]
    public async Task Create_requires_auth(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", Maybe.Items, Maybe.Body(), ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Get(Maybe.Items, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Created_item_is_returned_and_read_back_with_all_fields(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var made = (await member.Json("POST", Maybe.Items, $$$"""
            {"tenant_id":"{{{member.Tenant}}}","env":"prod","space":"scratchpad-default","user_id":"{{{member.User}}}","title":"State of agents","body":"long text","tags":["b","a","b"],
             "source_type":"user","source_engine":"chat","source_ref":{"thread_id":"t","a":1},"pinned":true,"archived":true}
            """)).Ok();
        made.EnumerateObject().Select(field => field.Name).ShouldBe(
        [
            "id", "tenant_id", "env", "space", "user_id", "title", "body", "tags", "source_type", "source_engine", "source_ref", "pinned",
            "archived", "created_at", "updated_at",
        ]);
        made.GetProperty("tenant_id").GetString().ShouldBe(member.Tenant);
        made.GetProperty("user_id").GetString().ShouldBe(member.User);
        made.GetProperty("tags").GetRawText().ShouldBe("""["b","a"]""");
        made.GetProperty("source_ref").GetRawText().ShouldBe("""{"a":1,"thread_id":"t"}""");
        made.GetProperty("pinned").GetBoolean().ShouldBeTrue();
        made.GetProperty("archived").GetBoolean().ShouldBeTrue();
        (await member.Get($"{Maybe.Items}/{made.GetProperty("id").GetString()}")).Ok().GetRawText().ShouldBe(made.GetRawText());
        (await member.Get(Maybe.Items)).Ok().GetRawText().ShouldBe($$"""{"items":[{{made.GetRawText()}}]}""");
    }

    [Theory, Engines]
    public async Task Absent_fields_get_defaults(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var made = (await member.Json(
            "POST",
            Maybe.Items,
            """{"space":"s","title":"t","body":"","tags":null,"source_ref":null,"pinned":null}""")).Ok();
        made.GetProperty("user_id").GetString().ShouldBe(member.User);
        made.GetProperty("tags").GetArrayLength().ShouldBe(0);
        made.GetProperty("source_type").GetString().ShouldBe("agent");
        made.GetProperty("source_engine").ValueKind.ShouldBe(JsonValueKind.Null);
        made.GetProperty("source_ref").GetRawText().ShouldBe("{}");
        made.GetProperty("pinned").GetBoolean().ShouldBeFalse();
        made.GetProperty("archived").GetBoolean().ShouldBeFalse();
        made.GetProperty("updated_at").GetString().ShouldBe(made.GetProperty("created_at").GetString());
    }

    [Theory, Engines]
    public async Task Patch_keeps_absent_and_null_fields(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Add("""{"tags":["a"],"source_ref":{"thread":1}}""");
        var changed = await member.Change(id, """{"title":"two","body":null,"pinned":true}""");
        (changed.GetProperty("title")
            .GetString(), changed.GetProperty("body").GetString(), changed.GetProperty("pinned").GetBoolean()).ShouldBe(
            ("two", "text", true));
        changed.GetProperty("tags").GetRawText().ShouldBe("""["a"]""");
        changed.GetProperty("source_ref").GetRawText().ShouldBe("""{"thread":1}""");
        (await member.Change(id, """{"tags":[],"archived":true,"body":""}""")).GetProperty("tags").GetArrayLength().ShouldBe(0);
        var read = (await member.Get($"{Maybe.Items}/{id}")).Ok();
        (read.GetProperty("title").GetString(), read.GetProperty("body").GetString(), read.GetProperty("archived").GetBoolean()).ShouldBe(
            ("two", "", true));
        read.GetProperty("updated_at").GetDateTimeOffset().ShouldBeGreaterThan(read.GetProperty("created_at").GetDateTimeOffset());
    }

    [Theory, Engines]
    public async Task Empty_patch_changes_nothing_but_is_logged(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Add();
        var changed = await member.Change(id, "{}");
        (changed.GetProperty("title").GetString(), changed.GetProperty("body").GetString()).ShouldBe(("one", "text"));
        var events = await member.Events();
        events.Select(Caller.TypeOf).ShouldBe(["maybes:create", "maybes:update"]);
        events[1].Input!.Value.GetProperty("changed").GetArrayLength().ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Concurrent_patches_of_different_fields_are_all_kept(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Add();
        string[] bodies =
        [
            """{"title":"two"}""", """{"body":"more"}""", """{"tags":["x"]}""", """{"pinned":true}""", """{"archived":true}""",
        ];
        await Task.WhenAll(Enumerable.Range(0, 40).Select(at => member.Change(id, bodies[at % bodies.Length])));
        var read = (await member.Get($"{Maybe.Items}/{id}")).Ok();
        (read.GetProperty("title")
            .GetString(), read.GetProperty("body")
            .GetString(), read.GetProperty("tags")
            .GetRawText(), read.GetProperty("pinned").GetBoolean(), read.GetProperty("archived").GetBoolean())
            .ShouldBe(("two", "more", """["x"]""", true, true));
        (await member.EventTypes()).Count(type => type == "maybes:update").ShouldBe(40);
    }

    [Theory, Engines]
    public async Task Delete_removes_item_and_frees_quota(string engine)
    {
        var host = await NexusHost.SharedAsync(
            engine,
            "maybe quota",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Quotas:StorageBytes"] = "200000" });
        using var member = Caller.Create(host);
        var large = $$"""{"body":"{{new string('x', 120_000)}}"}""";
        var id = await member.Add(large);
        (await member.Json("POST", Maybe.Items, Maybe.Body(large))).Refused(403, "quota.exceeded");
        var small = await member.Add();
        (await member.Json("PATCH", $"{Maybe.Items}/{small}", large)).Refused(403, "quota.exceeded");
        (await member.Delete($"{Maybe.Items}/{id}")).Ok().GetRawText().ShouldBe("""{"status":"deleted"}""");
        (await member.Get($"{Maybe.Items}/{id}")).Refused(404, "not_found");
        (await member.Delete($"{Maybe.Items}/{id}")).Refused(404, "not_found");
        (await member.Json("PATCH", $"{Maybe.Items}/{id}", "{}")).Refused(404, "not_found");
        await member.Change(small, large);
        (await member.EventTypes()).Where(type => type != "gate_chain.check")
            .ShouldBe(["maybes:create", "maybes:create", "maybes:delete", "maybes:update"]);
    }

    [Theory, Engines]
    public async Task Idempotent_retry_has_no_effect(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Json("POST", Maybe.Items, Maybe.Body(), ("Idempotency-Key", "k"));
        (await member.Json("POST", Maybe.Items, Maybe.Body(), ("Idempotency-Key", "k"))).Body.ShouldBe(first.Body);
        var path = $"{Maybe.Items}/{first.Ok().GetProperty("id").GetString()}";
        var deleted = await member.Delete(path, ("Idempotency-Key", "k"));
        deleted.Ok();
        (await member.Delete(path, ("Idempotency-Key", "k"))).Body.ShouldBe(deleted.Body);
        (await member.EventTypes()).ShouldBe(["maybes:create", "maybes:delete"]);
    }

    [Theory, Engines]
    public async Task Each_change_logs_event_with_item_id_but_no_text(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        const string Secret = "zirconium";
        var id = await member.Add(
            $$$"""{"space":"{{{Secret}}}","title":"{{{Secret}}}","body":"{{{Secret}}}","tags":["{{{Secret}}}"],"source_engine":"{{{Secret}}}","source_ref":{"a":"{{{Secret}}}"}}""");
        await member.Change(id, $$"""{"title":"{{Secret}} two","tags":["{{Secret}}"],"pinned":true}""");
        (await member.Get($"{Maybe.Items}?search_text={Secret}&space={Secret}&tags_any={Secret}")).Ok()
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(1);
        (await member.Delete($"{Maybe.Items}/{id}")).Ok();
        var events = await member.Events();
        events.Select(Caller.TypeOf).ShouldBe(["maybes:create", "maybes:update", "maybes:delete"]);
        events.Select(recorded => recorded.Metadata.GetProperty("action").GetString())
            .ShouldBe(["maybes_create", "maybes_update", "maybes_delete"]);
        events[1].Input!.Value.GetProperty("changed").GetRawText().ShouldBe("""["title","tags","pinned"]""");
        foreach (var recorded in events)
        {
            recorded.Surface.ShouldBe("maybes");
            recorded.Metadata.GetProperty("item_id").GetString().ShouldBe(id);
            recorded.Metadata.GetProperty("asset_id").GetString().ShouldBe(id);
            recorded.Metadata.GetProperty("asset_type").GetString().ShouldBe("maybe");
            recorded.Metadata.GetProperty("origin_ref").ValueKind.ShouldBe(JsonValueKind.Object);
            recorded.Metadata.GetProperty("gates").GetArrayLength().ShouldBe(3);
        }

        JsonSerializer.Serialize(events).ShouldNotContain(Secret);
    }

    [Theory, Engines]
    public async Task Audit_metadata_includes_request_id(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var reply = await member.Json("POST", Maybe.Items, Maybe.Body(), ("X-Request-Id", "req-123"), ("X-Trace-Id", "trace-7"));
        var id = reply.Ok().GetProperty("id").GetString()!;
        (await member.Json("PATCH", $"{Maybe.Items}/{id}", """{"pinned":true}""", ("X-Request-Id", "req-124"))).Ok();
        (await member.Delete($"{Maybe.Items}/{id}", ("X-Request-Id", "req-125"))).Ok();
        var events = await member.Events();
        events.Select(recorded => MetadataOf(recorded, "request_id")).ShouldBe(["req-123", "req-124", "req-125"]);
        events.Select(recorded => MetadataOf(recorded, "trace_id")).ShouldBe(["trace-7", "req-124", "req-125"]);
        events.Select(recorded => (MetadataOf(recorded, "actor_type"), MetadataOf(recorded, "item_id")))
            .Distinct()
            .ShouldBe([("human", id)]);

        // The same in the audit log.
        using var admin = member.Colleague("admin");
        var read = (await admin.Get("/audit/events?event_type=maybes%3Acreate")).Ok().GetProperty("items")[0].GetProperty("metadata");
        (read.GetProperty("request_id").GetString(), read.GetProperty("item_id").GetString()).ShouldBe(("req-123", id));

        static string? MetadataOf(DatasetEvent recorded, string name) => recorded.Metadata.GetProperty(name).GetString();
    }
}
