using System.Text;

namespace Nexus.Tests.Platform.Http;

/// <summary>Refusals say what was wrong, with the value and what is allowed.</summary>
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("/audit/events?from=yesterday", "`from` must be an RFC 3339 time, for example 2026-11-28T00:00:00Z.")]
    [InlineData("/nexus/cards?created_after=1e3", "`created_after` must be an RFC 3339 time, for example 2026-11-28T00:00:00Z.")]
    [InlineData("/nexus/lineage/card/x?depth=two", "`depth` must be an integer.")]
    [InlineData("/maybes/items?pinned_only=yes", "`pinned_only` must be true or false.")]
    public async Task Malformed_parameter_is_named(string path, string detail)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync("sqlite"), "admin");
        Detail((await admin.Get(path)).Refused(400, "request.malformed")).ShouldBe(detail);
    }

    [Fact]
    public async Task Missing_parameter_is_named()
    {
        using var member = Caller.Create(await NexusHost.SharedAsync("sqlite"));
        Detail((await member.Send("POST", "/nexus/atoms/create-from-raw?op_type=identity")).Refused(400, "request.malformed"))
            .ShouldBe("`raw_asset_id` is required.");
    }

    [Fact]
    public async Task Unsupported_content_type_lists_accepted_types()
    {
        using var member = Caller.Create(await NexusHost.SharedAsync("sqlite"));
        using var xml = new StringContent("<a/>", Encoding.UTF8, "text/xml");
        Detail((await member.Send("POST", "/nexus/search", xml)).Refused(415, "body.content_type"))
            .ShouldBe("Unsupported content type text/xml; charset=utf-8. This route accepts application/json.");
        using var card = new StringContent("{}", Encoding.UTF8, "application/json");
        Detail((await member.Send("POST", "/nexus/cards", card)).Refused(415, "body.content_type"))
            .ShouldBe("Unsupported content type application/json; charset=utf-8. This route accepts text/plain or text/markdown.");
    }

    [Fact]
    public async Task Unsupported_method_lists_allowed_methods()
    {
        using var member = Caller.Create(await NexusHost.SharedAsync("sqlite"));
        Detail((await member.Send("PATCH", "/kill-switches")).Refused(405, "route.method")).ShouldBe(
            "This route does not allow PATCH. Allowed: GET, PUT.");
    }

    [Theory]
    [InlineData(
        "owner", "PATCH", "/tenants/{tenant}", """{"status":"suspendet"}""",
        "Unknown status `suspendet`. Did you mean `suspended`? Allowed: active, suspended.")]
    [InlineData(
        "owner", "POST", "/tenants/{tenant}/api-keys", """{"name":"k","role":"amdin"}""",
        "Unknown role `amdin`. Did you mean `admin`? Allowed: owner, admin, member, viewer.")]
    [InlineData(
        "owner", "POST", "/tenants/{tenant}/api-keys", """{"name":"k","role":"viewer","actor_type":"robot"}""",
        "Unknown actor_type `robot`. Allowed: agent, human.")]
    [InlineData(
        "viewer", "POST", "/nexus/search", """{"query_text":"x","mode":"hybird"}""",
        "Unknown mode `hybird`. Did you mean `hybrid`? Allowed: lexical, semantic, hybrid.")]
    [InlineData(
        "viewer", "POST", "/gates/check", """{"action":"card_crate"}""",
        "Unknown action `card_crate`. Did you mean `card_create`? The OpenAPI document names the action of every route.")]
    [InlineData(
        "member", "POST", "/nexus/memory/session/s/turn", """{"role":"users","content":"x"}""",
        "Unknown role `users`. Did you mean `user`? Allowed: user, agent, system.")]
    [InlineData("member", "POST", "/nexus/memory/session/s/turn", """{"role":"user"}""", "Missing required field `content`.")]
    public async Task Unknown_word_is_answered_with_nearest_and_allowed_ones(
        string role, string method, string path, string body, string detail)
    {
        using var caller = Caller.Create(await NexusHost.SharedAsync("sqlite"), role);
        if (role == "owner")
        {
            (await caller.Json("POST", "/tenants", $$"""{"tenant_id":"{{caller.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        }

        Detail(
            (await caller.Json(method, path.Replace("{tenant}", caller.Tenant, StringComparison.Ordinal), body)).Refused(
                422,
                "body.invalid"))
            .ShouldBe(detail);
    }

    [Fact]
    public async Task Unknown_op_env_and_format_name_the_nearest_one()
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync("sqlite"), "admin");
        Detail((await admin.Send("POST", "/nexus/atoms/create-from-raw?raw_asset_id=x&op_type=text_spilt")).Refused(422, "atom.op_unknown"))
            .ShouldBe("Unknown op `text_spilt`. Did you mean `text_split`? GET /nexus/atoms/ops lists them.");
        Detail((await admin.Get("/nexus/cards", ("X-Env", "stagin"))).Refused(400, "context.invalid"))
            .ShouldBe("Unknown env `stagin`. Did you mean `staging`? Allowed: dev, staging, prod.");
        Detail((await admin.Get("/audit/export?format=cvs")).Refused(422, "format.invalid")).ShouldBe(
            "Unknown format `cvs`. Did you mean `csv`? Allowed: ndjson, csv.");
    }

    [Fact]
    public async Task Tenant_of_others_and_unknown_tenant_are_answered_alike()
    {
        var host = await NexusHost.SharedAsync("sqlite");
        using var other = Caller.Create(host, "owner");
        (await other.Json("POST", "/tenants", $$"""{"tenant_id":"{{other.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var caller = Caller.Create(host);
        foreach (var tenant in (string[])[other.Tenant, NexusHost.NewTenant()])
        {
            Detail((await caller.Get("/nexus/cards", ("X-Tenant-Id", tenant))).Refused(403, "auth.tenant_mismatch")).ShouldBe(
                $"You are not a member of tenant {tenant}.");
        }
    }

    private static string? Detail(Reply reply) => reply.Json.GetProperty("detail").GetString();
}
