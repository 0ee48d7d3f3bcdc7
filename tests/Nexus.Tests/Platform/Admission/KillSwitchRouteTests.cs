namespace Nexus.Tests.Platform.Admission;

/// <summary><c>/kill-switches</c>: owners and admins disable actions for their tenant and env only.</summary>
public sealed class KillSwitchRouteTests
{
    private const string NoCards = """{"disabled_actions":["card_create"]}""";

    [Theory, Engines]
    public async Task Put_requires_auth(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Json("PUT", "/kill-switches", NoCards, ("Authorization", null))).Refused(401, "auth.missing");
        (await admin.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Put_for_other_tenant_or_env_is_rejected(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var other = Caller.Create(host, "admin");
        (await admin.Json("PUT", "/kill-switches", NoCards, ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await admin.Json("PUT", "/kill-switches", $$"""{"tenant_id":"{{other.Tenant}}"}""")).Refused(400, "context.mismatch");
        (await admin.Json("PUT", "/kill-switches", """{"env":"dev"}""")).Refused(400, "context.mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
        (await admin.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Put_and_get_by_member_return_403(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("PUT", "/kill-switches", NoCards)).Refused(403, "auth.role");
        (await member.Get("/kill-switches")).Refused(403, "auth.role");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Switch_does_not_affect_other_tenant_or_env(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var stranger = Caller.Create(host, "admin");
        using var elsewhere = admin.Colleague("admin", "dev");
        (await admin.Json("PUT", "/kill-switches", NoCards)).Ok();
        foreach (var caller in new[] { stranger, elsewhere })
        {
            (await caller.Get("/kill-switches")).Body.ShouldBe("null");
            (await caller.Post()).Ok();
        }

        (await admin.Post()).Refused(403, "kill_switch.blocked");
    }

    [Theory, Engines]
    public async Task Get_returns_null_first_then_merged_updates(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Get("/kill-switches")).Body.ShouldBe("null");
        var put = (await admin.Json("PUT", "/kill-switches", """{"disable_providers":["acme"],"disabled_actions":["pack_create"]}""")).Ok();
        put.EnumerateObject()
            .Select(field => field.Name)
            .ShouldBe(["id", "tenant_id", "env", "disable_providers", "disable_autonomy", "disabled_actions", "created_at", "updated_at"]);
        (await admin.Get("/kill-switches")).Body.ShouldBe(put.GetRawText());
        var changed = (await admin.Json("PUT", "/kill-switches", """{"disable_autonomy":true,"disabled_actions":null}""")).Ok();
        changed.GetProperty("id").GetString().ShouldBe(put.GetProperty("id").GetString());
        changed.GetProperty("created_at").GetString().ShouldBe(put.GetProperty("created_at").GetString());
        changed.GetProperty("disable_autonomy").GetBoolean().ShouldBeTrue();
        changed.GetProperty("disable_providers").EnumerateArray().Select(name => name.GetString()).ShouldBe(["acme"]);
        changed.GetProperty("disabled_actions").EnumerateArray().Select(name => name.GetString()).ShouldBe(["pack_create"]);
        (await admin.EventTypes()).ShouldBe(["kill_switch_updated", "kill_switch_updated"]);
    }

    [Theory, Engines]
    public async Task Disabled_action_returns_403_with_how_to_lift_it(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        var id = await admin.Card();
        (await admin.Json(
            "PUT",
            "/kill-switches",
            """{"disabled_actions":["card_create","card_read","card_update","card_delete","search","pack_create","audit_read","kill_switch_read"]}""")).Ok();
        var kept = (await admin.Events()).Count;
        var refusal = (await admin.Post()).Refused(403, "kill_switch.blocked").Json;
        refusal.GetProperty("gate").GetString().ShouldBe("kill_switch");
        refusal.GetProperty("action").GetString().ShouldBe("card_create");
        refusal.GetProperty("lifted_by").GetString()!.ShouldContain("/kill-switches");
        (await admin.Get($"/nexus/cards/{id}")).Refused(403, "kill_switch.blocked");
        (await admin.Get("/nexus/cards")).Refused(403, "kill_switch.blocked");
        (await admin.Text("PUT", $"/nexus/cards/{id}", Caller.Note, ("If-Match", "*"))).Refused(403, "kill_switch.blocked");
        (await admin.Delete($"/nexus/cards/{id}")).Refused(403, "kill_switch.blocked");
        (await admin.Json("POST", "/nexus/search", """{"query_text":"x"}""")).Refused(403, "kill_switch.blocked");
        (await admin.Json("POST", "/nexus/influence-pack", """{"query":{"query_text":"x"}}""")).Refused(403, "kill_switch.blocked");
        (await admin.Get("/audit/events")).Refused(403, "kill_switch.blocked");
        (await admin.Get("/kill-switches")).Refused(403, "kill_switch.blocked");
        (await admin.Events()).Skip(kept).ShouldAllBe(recorded => Caller.TypeOf(recorded) == "gate_chain.check");
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":[]}""")).Ok();
        (await admin.Get($"/nexus/cards/{id}")).Ok();
        (await admin.Post()).Ok();
    }

    [Theory, Engines]
    public async Task Role_is_checked_before_gates(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        using var viewer = admin.Colleague("viewer");
        (await admin.Json("PUT", "/kill-switches", NoCards)).Ok();
        (await viewer.Post()).Refused(403, "auth.role");
    }

    [Theory, Engines]
    public async Task Kill_switch_write_cannot_be_disabled(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":["card_create","kill_switch_write"]}""")).Refused(
            422,
            "body.invalid");
        (await admin.Get("/kill-switches")).Body.ShouldBe("null");
        (await admin.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Disable_autonomy_blocks_agent_writes_but_not_people(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host, "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var agent = await Key("agent");
        using var human = await Key("human");
        (await agent.Post()).Ok();
        (await owner.Json("PUT", "/kill-switches", """{"disable_autonomy":true}""")).Ok();
        (await agent.Post()).Refused(403, "kill_switch.blocked");
        (await agent.Json("POST", "/nexus/influence-pack", """{"query":{"query_text":"x"}}""")).Refused(403, "kill_switch.blocked");
        (await agent.Get("/nexus/cards")).Ok();
        (await agent.Json("POST", "/nexus/search", """{"query_text":"body"}""")).Ok();
        (await human.Post()).Ok();
        (await owner.Post()).Ok();

        async Task<Caller> Key(string actor)
        {
            var made = await owner.Json(
                "POST",
                $"/tenants/{owner.Tenant}/api-keys",
                $$"""{"name":"k","role":"member","actor_type":"{{actor}}"}""");
            return Caller.WithToken(host, made.Ok().GetProperty("key").GetString()!, owner.Tenant);
        }
    }

    [Theory, Engines]
    public async Task Tenant_0_switch_applies_to_every_tenant_in_env(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var system = Caller.Create(host, "admin", "t_system", "staging");
        using var member = Caller.Create(host, "member", env: "staging");
        using var admin = member.Colleague("admin", "staging");
        (await system.Json("PUT", "/kill-switches", NoCards)).Ok();
        (await member.Post()).Refused(403, "kill_switch.blocked").Json.GetProperty("lifted_by").GetString()!.ShouldContain("t_system");
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":[]}""")).Ok();
        (await member.Post()).Refused(403, "kill_switch.blocked");
        (await member.Colleague("member", "prod").Post()).Ok();
        (await system.Json("PUT", "/kill-switches", """{"disabled_actions":[]}""")).Ok();
        (await member.Post()).Ok();
    }

    [Theory, Engines]
    public async Task Tenant_0_switch_is_per_env_and_prod_covers_tenantless_actions(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        foreach (var env in new[] { "dev", "staging", "prod" })
        {
            using var system = Caller.Create(host, "owner", "t_system", env);
            using var member = Caller.Create(host, "member", env: env);
            (await member.Post()).Ok();
            (await system.Json(
                "PUT",
                "/kill-switches",
                """{"disable_providers":["acme"],"disabled_actions":["card_create","account_read"]}""")).Ok();
            var refusal = (await member.Post()).Refused(403, "kill_switch.blocked").Json;
            refusal.GetProperty("action").GetString().ShouldBe("card_create");
            refusal.GetProperty("lifted_by").GetString().ShouldBe($"PUT /kill-switches by an admin of t_system in {env}");
            (await system.Post()).Refused(403, "kill_switch.blocked");
            // Routes without a tenant have no env either, so prod's switch applies.
            var me = await member.Get("/auth/me", ("X-Tenant-Id", null));
            me.ToString().ShouldBe(env == "prod" ? "403 kill_switch.blocked" : "200");
        }
    }

    [Theory, Engines]
    public async Task Invalid_switch_is_rejected(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (string Body, string Answer)[] bodies =
        [
            ("""{"disabled_actions":"card_create"}""", "422 body.invalid"),
            ("""{"disabled_actions":[null]}""", "422 body.invalid"),
            ("""{"disabled_actions":[""]}""", "422 body.invalid"),
            ("""{"disabled_actions":[1]}""", "422 body.invalid"),
            ($$"""{"disabled_actions":["{{new string('a', 101)}}"]}""", "422 body.invalid"),
            ($$"""{"disable_providers":[{{string.Join(',', Enumerable.Repeat("\"a\"", 201))}}]}""", "422 body.invalid"),
            ("""{"disable_autonomy":"true"}""", "422 body.invalid"),
            ("""{"id":"mine"}""", "422 body.invalid"),
            ("""{"disabled_actions":["a\u0000"]}""", "400 json.malformed"),
            ("[]", "422 body.invalid"),
        ];
        var wrong = new List<string>();
        foreach (var (body, answer) in bodies)
        {
            if (await admin.Json("PUT", "/kill-switches", body) is var reply && reply.ToString() != answer)
            {
                wrong.Add($"{body}: {reply}, not {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await admin.Get("/kill-switches")).Body.ShouldBe("null");
        (await admin.EventTypes()).ShouldBeEmpty();
    }
}
