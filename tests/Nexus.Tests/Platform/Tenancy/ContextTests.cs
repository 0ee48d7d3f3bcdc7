using System.Text.Json.Nodes;

namespace Nexus.Tests.Platform.Tenancy;

/// <summary>How a request's tenant, env, user and ids are determined, and the errors when they conflict.</summary>
public sealed class ContextTests
{
    private const string Search = "/nexus/search";

    [Theory, Engines]
    public async Task Tenant_comes_from_header_query_body_or_token_in_that_order(string engine)
    {
        var (caller, a, b) = await WithTwoTenants(engine);
        (await TenantOf("", "{}", ("X-Tenant-Id", b))).ShouldBe(b);
        (await TenantOf($"?tenant_id={b}", $$"""{"tenant_id":"{{b}}"}""", ("X-Tenant-Id", b))).ShouldBe(b);
        (await TenantOf($"?tenant_id={b}", "{}", ("X-Tenant-Id", null))).ShouldBe(b);
        (await TenantOf("", $$"""{"tenant_id":"{{b}}"}""", ("X-Tenant-Id", null))).ShouldBe(b);
        (await TenantOf("", """{"tenant_id":null}""", ("X-Tenant-Id", null))).ShouldBe(a);
        (await TenantOf("", "{}", ("X-Tenant-Id", null))).ShouldBe(a);

        async Task<string> TenantOf(string query, string body, (string, string?) header) =>
            (await caller.Json("PUT", "/kill-switches" + query, body, header)).Ok().GetProperty("tenant_id").GetString()!;
    }

    [Theory, Engines]
    public async Task Env_comes_from_header_query_or_body_ignoring_case(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        foreach (var (said, meant) in new[] { ("dev", "dev"), ("DEV", "dev"), ("Staging", "staging"), ("stage", "staging"), ("STAGE", "staging"), ("pRoD", "prod") })
        {
            EnvOf(await admin.Json("PUT", "/kill-switches", "{}", ("X-Env", said))).ShouldBe(meant);
            EnvOf(await admin.Json("PUT", $"/kill-switches?env={said}", "{}", ("X-Env", null))).ShouldBe(meant);
            EnvOf(await admin.Json("PUT", "/kill-switches", $$"""{"env":"{{said}}"}""", ("X-Env", null))).ShouldBe(meant);
            EnvOf(await admin.Json("PUT", $"/kill-switches?env={said}", $$"""{"env":"{{meant}}"}""", ("X-Env", said))).ShouldBe(meant);
        }

        static string EnvOf(Reply reply) => reply.Ok().GetProperty("env").GetString()!;
    }

    [Theory, Engines]
    public async Task Missing_context_returns_400(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        (await member.Get("/nexus/cards", ("X-Env", null))).Refused(400, "context.missing");
        (await member.Get("/nexus/cards", ("X-Tenant-Id", null))).Ok();
        var token = TrustedToken.Mint(new JsonObject
        {
            ["sub"] = "u_1",
            ["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
            ["tenant_ids"] = new JsonArray(member.Tenant),
            ["role_map"] = new JsonObject { [member.Tenant] = "member" },
        });
        using var homeless = Caller.WithToken(host, token, member.Tenant);
        (await homeless.Get("/nexus/cards", ("X-Tenant-Id", null))).Refused(400, "context.missing");
        (await homeless.Get("/nexus/cards", ("X-Tenant-Id", null), ("X-Env", null))).Refused(400, "context.missing");
        (await homeless.Get("/nexus/cards", ("X-Tenant-Id", ""))).Status.ShouldBe(400);
        (await homeless.Get("/nexus/cards")).Ok();
    }

    [Theory, Engines]
    public async Task Malformed_context_returns_400(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var before = await member.State();
        var tenant = member.Tenant;
        var long65 = "t_" + new string('a', 63);
        foreach (var bad in new[] { "acme", "t_", "T_acme", tenant.ToUpperInvariant(), "t_acmé", "t_a b", "t_a.b", "t_a/b", long65, "t_١", "t_unknown;" })
        {
            (await member.Json("POST", $"{Search}?tenant_id={Uri.EscapeDataString(bad)}", """{"query_text":"x"}""", ("X-Tenant-Id", null))).Refused(400, "context.invalid");
            (await member.Json("POST", Search, $$"""{"query_text":"x","tenant_id":{{JsonValue.Create(bad).ToJsonString()}}}""", ("X-Tenant-Id", null))).Refused(400, "context.invalid");
        }

        foreach (var bad in new[] { "production", "test", "", "prod ", "staging\n", "ｐrod" })
        {
            (await member.Get($"/nexus/cards?env={Uri.EscapeDataString(bad)}", ("X-Env", null))).Refused(400, "context.invalid");
        }

        // A trailing newline, in every place that may contain one.
        (await member.Get($"/nexus/cards?tenant_id={tenant}%0a", ("X-Tenant-Id", null))).Refused(400, "context.invalid");
        (await member.Json("POST", Search, $$"""{"query_text":"x","tenant_id":"{{tenant}}\n"}""", ("X-Tenant-Id", null))).Refused(400, "context.invalid");
        (await member.Raw("GET /nexus/cards HTTP/1.1", $"X-Env: prod\r\nX-Tenant-Id: {tenant}\n\r\n")).Status.ShouldBe(400);
        (await member.Raw("GET /nexus/cards HTTP/1.1", $"X-Env: prod\r\nX-Tenant-Id: {tenant}\r\n x\r\n")).Status.ShouldBe(400);

        // Given twice in one place, or not a string.
        (await member.RawInContext("GET /nexus/cards HTTP/1.1", $"X-Tenant-Id: {tenant}\r\n")).Refused(400, "context.invalid");
        (await member.RawInContext("GET /nexus/cards HTTP/1.1", "X-Tenant-Id: t_somebody_else\r\n")).Refused(400, "context.invalid");
        (await member.RawInContext("GET /nexus/cards HTTP/1.1", "X-Env: dev\r\n")).Refused(400, "context.invalid");
        (await member.Get($"/nexus/cards?tenant_id={tenant}&tenant_id={tenant}")).Refused(400, "context.invalid");
        (await member.Get("/nexus/cards", ("X-Tenant-Id", $"{tenant}, {tenant}"))).Refused(400, "context.invalid");
        foreach (var bad in new[] { "5", "[]", "{}", "true", "\"\"" })
        {
            (await member.Json("POST", Search, $$"""{"query_text":"x","tenant_id":{{bad}}}""", ("X-Tenant-Id", null))).Status.ShouldBe(400, bad);
            (await member.Json("POST", Search, $$"""{"query_text":"x","env":{{bad}}}""", ("X-Env", null))).Status.ShouldBe(400, bad);
        }

        (await member.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Conflicting_context_returns_400_without_side_effects(string engine)
    {
        var (caller, a, b) = await WithTwoTenants(engine);
        var before = await caller.State();
        (await caller.Get($"/nexus/cards?tenant_id={b}")).Refused(400, "context.mismatch");
        (await caller.Json("POST", Search, $$"""{"query_text":"x","tenant_id":"{{b}}"}""")).Refused(400, "context.mismatch");
        (await caller.Json("POST", $"{Search}?tenant_id={a}", $$"""{"query_text":"x","tenant_id":"{{b}}"}""", ("X-Tenant-Id", null))).Refused(400, "context.mismatch");
        (await caller.Get("/nexus/cards?env=dev")).Refused(400, "context.mismatch");
        (await caller.Get("/nexus/cards?env=nowhere")).Refused(400, "context.mismatch");
        (await caller.Json("POST", Search, """{"query_text":"x","env":"dev"}""")).Refused(400, "context.mismatch");
        (await caller.Get($"/tenants/{b}/members")).Refused(400, "context.mismatch");
        // Checked before the body is validated.
        (await caller.Json("POST", Search, $$"""{"nonsense":1,"tenant_id":"{{b}}"}""")).Refused(400, "context.mismatch");
        (await caller.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Membership_is_checked_before_context_match_and_match_before_role(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var viewer = Caller.Create(host, "viewer");
        var strange = NexusHost.NewTenant();
        (await viewer.Get($"/nexus/cards?tenant_id={viewer.Tenant}", ("X-Tenant-Id", strange))).Refused(403, "auth.tenant_mismatch");
        (await viewer.Json("POST", Search, """{"query_text":"x","env":"dev"}""", ("X-Tenant-Id", strange))).Refused(403, "auth.tenant_mismatch");
        (await viewer.Post(Caller.Note, ("X-User-Id", "u_other"))).Refused(400, "context.mismatch");
        (await viewer.Json("POST", "/nexus/influence-pack", "{", ("X-Request-Id", "r"))).Refused(403, "auth.role");
        (await viewer.Get("/nexus/cards", ("X-Tenant-Id", "bad"))).Refused(400, "context.invalid");
        (await viewer.Get("/nexus/cards", ("X-Tenant-Id", "bad"), ("Authorization", null))).Refused(401, "auth.missing");
    }

    [Theory, Engines]
    public async Task User_header_must_match_token(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Post(Caller.Note, ("X-User-Id", member.User))).Ok().GetProperty("created_by").GetString().ShouldBe(member.User);
        foreach (var other in new[] { "u_other", member.User + " x", member.User.ToUpperInvariant(), "" })
        {
            (await member.Post(Caller.Note, ("X-User-Id", other))).Refused(400, "context.mismatch");
        }

        (await member.RawInContext("GET /nexus/cards HTTP/1.1", $"X-User-Id: {member.User}\r\nX-User-Id: {member.User}\r\n")).Refused(400, "context.invalid");
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    [Theory, Engines]
    public async Task Role_header_is_ignored(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Post(Caller.Note, ("X-Membership-Role", "owner"))).Refused(403, "auth.role");
        using var member = viewer.Colleague("member");
        (await member.Post(Caller.Note, ("X-Membership-Role", "viewer"))).Ok();
    }

    [Theory, Engines]
    public async Task Body_tenant_and_env_are_checked_and_removed(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Json("POST", Search, $$"""{"tenant_id":"{{admin.Tenant}}","env":"PROD","query_text":"x"}""")).Ok();
        (await admin.Json("PUT", "/kill-switches", $$"""{"tenant_id":"{{admin.Tenant}}","env":"prod"}""")).Ok();
        (await admin.Json("POST", "/nexus/influence-pack", $$"""{"query":{"query_text":"x"},"env":"prod","tenant_id":"{{admin.Tenant}}"}""")).Ok();
        (await admin.Json("POST", "/nexus/influence-pack", """{"query":{"query_text":"x","env":"prod"}}""")).Refused(422, "body.invalid");
    }

    [Theory, Engines]
    public async Task Valid_ids_are_echoed_and_invalid_ones_replaced(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var echoed = await member.Get("/nexus/cards", ("X-Request-Id", "a.B_c:1-" + new string('x', 120)), ("X-Trace-Id", "trace:1"));
        (echoed["X-Request-Id"], echoed["X-Trace-Id"]).ShouldBe(("a.B_c:1-" + new string('x', 120), "trace:1"));
        foreach (var bad in new[] { new string('x', 129), "a b", "a/b", "<script>", "a,b", "" })
        {
            var replaced = await member.Get("/nexus/cards", ("X-Request-Id", bad), ("X-Trace-Id", bad));
            Guid.TryParse(replaced["X-Request-Id"], out _).ShouldBeTrue(replaced["X-Request-Id"]);
            replaced["X-Trace-Id"].ShouldBe(replaced["X-Request-Id"]);
        }

        (await member.Get("/nexus/cards", ("X-Request-Id", "r")))["X-Trace-Id"].ShouldBe("r");
        (await member.Get("/nexus/cards"))["X-Request-Id"].ShouldNotBe((await member.Get("/nexus/cards"))["X-Request-Id"]);
    }

    [Theory, Engines]
    public async Task Valid_traceparent_overrides_trace_id(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        (await member.Post(Caller.Note, ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"), ("X-Trace-Id", "other")))["X-Trace-Id"].ShouldBe(Trace);
        (await member.Events())[0].TraceId.ShouldBe(Trace);
        foreach (var bad in new[] { $"00-{Trace}", $"00-{new string('0', 32)}-00f067aa0ba902b7-01", "garbage", $"00-{Trace.ToUpperInvariant()}-00f067aa0ba902b7-01", "" })
        {
            (await member.Get("/nexus/cards", ("traceparent", bad), ("X-Trace-Id", "other")))["X-Trace-Id"].ShouldBe("other", bad);
        }
    }

    [Theory, Engines]
    public async Task Error_response_has_request_id_and_is_not_cacheable(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (string Path, int Status)[] paths = [("/nexus/cards/none", 404), ("/nexus/cards?limit=0", 422), ("/nowhere", 404), ("/audit/events", 403)];
        foreach (var (path, status) in paths)
        {
            var reply = await member.Get(path, ("X-Request-Id", "r-1"), ("X-Trace-Id", "t-1"));
            reply.Status.ShouldBe(status, path);
            reply["Cache-Control"].ShouldBe("no-store", path);
            var problem = reply.Json;
            problem.EnumerateObject().Select(field => field.Name).Take(5).ShouldBe(["type", "title", "status", "detail", "instance"], path);
            problem.GetProperty("status").GetInt32().ShouldBe(status);
            problem.GetProperty("request_id").GetString().ShouldBe("r-1");
            problem.GetProperty("trace_id").GetString().ShouldBe("t-1");
            (reply["X-Request-Id"], reply["X-Trace-Id"]).ShouldBe(("r-1", "t-1"));
        }

        (await member.Get("/nexus/cards?limit=0")).Json.GetProperty("errors").GetProperty("limit").GetArrayLength().ShouldBe(1);
    }

    /// <summary>Creates an admin of two tenants. The first is the token's default.</summary>
    private static async Task<(Caller Caller, string First, string Second)> WithTwoTenants(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var (a, b) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        return (Caller.WithToken(host, TrustedToken.Mint("u_" + a, (a, "admin"), (b, "admin")), a), a, b);
    }
}
