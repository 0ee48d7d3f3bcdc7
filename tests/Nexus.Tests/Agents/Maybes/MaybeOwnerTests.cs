namespace Nexus.Tests.Agents.Maybes;

/// <summary>An item belongs to its user. Admins may read it, owners may change it, and for everyone else it does not exist.</summary>
public sealed class MaybeOwnerTests
{
    [Theory, Engines]
    public async Task Viewer_has_no_access(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Json("POST", Maybe.Items, Maybe.Body())).Refused(403, "auth.role");
        (await viewer.Get(Maybe.Items)).Refused(403, "auth.role");
        (await viewer.Get(Maybe.Items + "/x")).Refused(403, "auth.role");
        (await viewer.Json("PATCH", Maybe.Items + "/x", "{}")).Refused(403, "auth.role");
        (await viewer.Delete(Maybe.Items + "/x")).Refused(403, "auth.role");
    }

    [Theory, Engines]
    public async Task Item_of_other_user_looks_missing_to_member(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host, "member", member.Tenant, user: "u_other");
        var id = await member.Add();
        const string Nobodys = "0190a000-0000-7000-8000-000000000000";
        (string, string)[] ids = [("X-Request-Id", "r"), ("X-Trace-Id", "t")];
        foreach (var (method, body) in new[] { ("GET", null), ("PATCH", """{"title":"mine"}"""), ("DELETE", (string?)null) })
        {
            var theirs = await Ask(method, id, body);
            theirs.Refused(404, "not_found").Body.Replace(id, Nobodys, StringComparison.Ordinal)
                .ShouldBe((await Ask(method, Nobodys, body)).Body);
        }

        (await other.Get($"{Maybe.Items}?user_id={member.User}")).Refused(403, "auth.role");
        (await other.Json("POST", Maybe.Items, Maybe.Body($$"""{"user_id":"{{member.User}}"}"""))).Refused(403, "auth.role");
        (await other.Titles()).ShouldBeEmpty();
        (await member.Titles()).ShouldBe(["one"]);
        (await member.EventTypes()).ShouldBe(["maybes:create"]);

        Task<Reply> Ask(string method, string item, string? body) => body is null
            ? other.Send(method, $"{Maybe.Items}/{item}", null, [.. ids])
            : other.Json(method, $"{Maybe.Items}/{item}", body, [.. ids]);
    }

    [Theory, Engines]
    public async Task Admin_can_read_but_not_change_items_of_others(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        var id = await member.Add();
        (await admin.Get($"{Maybe.Items}/{id}")).Ok();
        (await admin.Titles($"?user_id={member.User}")).ShouldBe(["one"]);
        (await admin.Titles()).ShouldBeEmpty();
        (await admin.Json("PATCH", $"{Maybe.Items}/{id}", """{"title":"mine"}""")).Refused(403, "auth.role");
        (await admin.Delete($"{Maybe.Items}/{id}")).Refused(403, "auth.role");
        (await admin.Json("POST", Maybe.Items, Maybe.Body($$"""{"user_id":"{{member.User}}"}"""))).Refused(403, "auth.role");
        (await member.Titles()).ShouldBe(["one"]);
    }

    [Theory, Engines]
    public async Task Owner_can_manage_items_of_others_and_log_names_subject(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var owner = member.Colleague("owner");
        var id = await owner.Add($$"""{"user_id":"{{member.User}}"}""");
        (await member.Titles()).ShouldBe(["one"]);
        (await owner.Change(id, """{"title":"two"}""")).GetProperty("user_id").GetString().ShouldBe(member.User);
        (await member.Change(id, """{"pinned":true}""")).GetProperty("title").GetString().ShouldBe("two");
        (await owner.Delete($"{Maybe.Items}/{id}")).Ok();
        var events = await member.Events();
        events.Select(recorded => recorded.SubjectId).ShouldBe([member.User, member.User, null, member.User]);
        events.Select(recorded => recorded.AgentId).ShouldBe([owner.User, owner.User, member.User, owner.User]);
    }

    [Theory, Engines]
    public async Task Item_is_invisible_to_other_tenant_or_env(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner", user: member.User);
        using var elsewhere = Caller.Create(host, "owner", member.Tenant, "dev", member.User);
        var id = await member.Add();
        foreach (var other in new[] { stranger, elsewhere })
        {
            (await other.Get($"{Maybe.Items}/{id}")).Refused(404, "not_found");
            (await other.Json("PATCH", $"{Maybe.Items}/{id}", """{"title":"mine"}""")).Refused(404, "not_found");
            (await other.Delete($"{Maybe.Items}/{id}")).Refused(404, "not_found");
            (await other.Titles()).ShouldBeEmpty();
        }

        (await stranger.Get(Maybe.Items, ("X-Tenant-Id", member.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await member.Titles()).ShouldBe(["one"]);
        (await member.EventTypes()).ShouldBe(["maybes:create"]);
    }
}
