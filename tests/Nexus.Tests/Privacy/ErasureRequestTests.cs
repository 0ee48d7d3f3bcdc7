using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Privacy.Erasure;



namespace Nexus.Tests.Privacy;

/// <summary>Who may request an erasure, who approves it, and what cannot be erased.</summary>
public sealed class ErasureRequestTests
{
    private static readonly Dictionary<string, string?> _fourEyes = new(StringComparer.Ordinal)
    {
        ["Nexus:Privacy:ErasureApprovals"] = "2",
    };

    [Theory, Engines]
    public async Task Member_can_request_own_erasure_and_admin_any(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var viewer = member.Colleague("viewer");
        using var admin = member.Colleague("admin");
        using var stranger = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await member.Erase(admin.User)).Refused(403, "auth.role");
        (await viewer.Erase(viewer.User)).Refused(403, "auth.role");
        (await stranger.Erase(member.User, ("X-Tenant-Id", member.Tenant))).Refused(403, "auth.tenant_mismatch");
        foreach (var wrong in (string[])["", "system", "key_1", new string('u', 201)])
        {
            (await admin.Erase(wrong)).Status.ShouldBe(422, wrong);
        }

        (await admin.Json("POST", "/privacy/erasures", """{"user_id":"u","state":"done"}""")).Status.ShouldBe(422);
        (await admin.Json("POST", "/privacy/erasures", """{"user_id":7}""")).Status.ShouldBe(422);
        (await admin.Json("POST", "/privacy/erasures", "{}")).Status.ShouldBe(422);
        (await member.EventTypes()).ShouldBeEmpty();

        var asked = (await member.Erase(member.User)).Ok();
        asked.EnumerateObject().Select(field => field.Name).ShouldBe(["erasure_id", "state"]);
        asked.GetProperty("state").GetString().ShouldBe("approved");
        var erasure = asked.GetProperty("erasure_id").GetString()!;
        (await viewer.Get($"/privacy/erasures/{erasure}")).Refused(404, "not_found");
        (await viewer.Get("/privacy/erasures")).Refused(403, "auth.role");
        (await stranger.Get($"/privacy/erasures/{erasure}")).Refused(404, "not_found");
        var done = await admin.Ended(erasure);
        done.GetProperty("requested_by").ValueKind.ShouldBe(JsonValueKind.Null);
        done.GetProperty("approvals").GetArrayLength().ShouldBe(0);
        done.GetRawText().ShouldNotContain(member.User);
        (await member.Get("/nexus/cards")).Refused(403, "auth.tenant_mismatch");
        (await admin.Get("/privacy/erasures")).Ok()
            .GetProperty("items")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetProperty("erasure_id")
            .GetString()
            .ShouldBe(erasure);
        (await admin.EventTypes()).ShouldBe(["erasure_requested", "artifact_erased", "content_erased", "erasure_done"]);
    }

    [Theory, Engines]
    public async Task Duplicate_request_returns_pending_erasure(string engine)
    {
        var host = await NexusHost.SharedAsync(engine, "four eyes", _fourEyes);
        using var admin = Caller.Create(host, "admin");
        using var inDev = admin.Colleague("admin", "dev");
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => (at % 2 == 0 ? admin : inDev).Erase("u_twice")));
        var first = asked[0].Ok().GetProperty("erasure_id").GetString()!;
        asked.ShouldAllBe(answer => answer.Ok().GetProperty("erasure_id").GetString() == first);
        ((await admin.EventTypes()).Length + (await inDev.EventTypes()).Length).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Approval_requires_second_person(string engine)
    {
        var host = await NexusHost.SharedAsync(engine, "four eyes", _fourEyes);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var admin = owner.Colleague("admin");
        using var erased = Caller.Create(host, "admin", tenant, user: "u_erased");
        using var member = owner.Colleague("member");
        var card = await erased.Card();
        var asked = (await admin.Erase(erased.User)).Ok();
        asked.GetProperty("state").GetString().ShouldBe("requested");
        var path = $"/privacy/erasures/{asked.GetProperty("erasure_id").GetString()}/approve";
        (await member.Json("POST", path, "{}")).Refused(403, "auth.role");
        (await admin.Json("POST", path, "{}")).Refused(403, "privacy.four_eyes");
        (await erased.Json("POST", path, "{}")).Refused(403, "privacy.four_eyes");
        var key =
            (await owner.Json("POST", $"/tenants/{tenant}/api-keys", """{"name":"K","role":"admin","actor_type":"human"}""")).Ok()
                .GetProperty("key")
                .GetString()!;
        using var machine = Caller.WithToken(host, key, tenant);
        (await machine.Json("POST", path, "{}")).Refused(403, "privacy.four_eyes");
        (await owner.Get($"/nexus/cards/{card}")).Ok();

        (await owner.Json("POST", path, "{}")).Ok().GetProperty("state").GetString().ShouldBe("approved");
        (await owner.Json("POST", path, "{}")).Refused(409, "privacy.not_waiting");
        var done = await owner.Ended(asked.GetProperty("erasure_id").GetString()!);
        done.GetProperty("approvals").EnumerateArray().Select(who => who.GetString()).ShouldBe([admin.User, owner.User]);
        (await owner.Get($"/nexus/cards/{card}")).Refused(404, "not_found");
    }

    [Theory, Engines]
    public async Task Request_by_api_key_needs_two_approvals(string engine)
    {
        var host = await NexusHost.SharedAsync(engine, "four eyes", _fourEyes);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var admin = owner.Colleague("admin");
        var key =
            (await owner.Json("POST", $"/tenants/{tenant}/api-keys", """{"name":"K","role":"admin","actor_type":"human"}""")).Ok()
                .GetProperty("key")
                .GetString()!;
        using var machine = Caller.WithToken(host, key, tenant);
        var erasure = (await machine.Erase("u_erased")).Ok().GetProperty("erasure_id").GetString()!;

        // An API key does not count as a second person.
        (await owner.Json("POST", $"/privacy/erasures/{erasure}/approve", "{}")).Ok()
            .GetProperty("state")
            .GetString()
            .ShouldBe("requested");
        (await owner.Json("POST", $"/privacy/erasures/{erasure}/approve", "{}")).Refused(403, "privacy.four_eyes");
        (await admin.Json("POST", $"/privacy/erasures/{erasure}/approve", "{}")).Ok().GetProperty("state").GetString().ShouldBe("approved");
        var done = await owner.Ended(erasure);
        done.GetProperty("approvals").EnumerateArray().Select(who => who.GetString()).ShouldBe([owner.User, admin.User]);
        done.GetProperty("requested_by").GetString()!.ShouldStartWith("key_");
    }

    [Theory, Engines]
    public async Task Requester_is_removed_from_record_when_erased(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var asker = Caller.Create(host, "admin");
        using var admin = Caller.Create(host, "admin", asker.Tenant, user: "u_admin_two");
        var erasure = (await asker.Erased("u_nobody")).GetProperty("erasure_id").GetString()!;
        (await admin.Get($"/privacy/erasures/{erasure}")).Ok().GetProperty("requested_by").GetString().ShouldBe(asker.User);
        await admin.Erased(asker.User);
        var after = (await admin.Get($"/privacy/erasures/{erasure}")).Ok();
        after.GetRawText().ShouldNotContain(asker.User);
        after.GetProperty("approvals").GetArrayLength().ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Erased_requester_is_not_restored_by_later_progress(string engine)
    {
        var host = await NexusHost.SharedAsync(engine, "four eyes", _fourEyes);
        using var asker = Caller.Create(host, "admin");
        using var admin = Caller.Create(host, "admin", asker.Tenant, user: "u_admin_two");
        using var third = Caller.Create(host, "admin", asker.Tenant, user: "u_admin_three");
        var (database, progress, scope) = (
            host.Services.GetRequiredService<Database>(),
            host.Services.GetRequiredService<ErasureProgressStore>(),
            new Scope(asker.Tenant, asker.Env));
        var waiting = (await asker.Erase("u_nobody")).Ok().GetProperty("erasure_id").GetString()!;
        var before = await database.ReadAsync(
            scope,
            session => ErasureStore.FindAsync(session, waiting),
            TestContext.Current.CancellationToken);
        before!.RequestedBy.ShouldBe(asker.User);
        var own = (await admin.Erase(asker.User)).Ok().GetProperty("erasure_id").GetString()!;
        (await third.Json("POST", $"/privacy/erasures/{own}/approve", "{}")).Ok();
        (await admin.Ended(own)).GetProperty("state").GetString().ShouldBe("done");

        // A worker reads several due erasures at once and runs them one after the other.
        await progress.RecordErasedAsync(
            before,
            new Dictionary<string, Scope>(StringComparer.Ordinal),
            TestContext.Current.CancellationToken);
        (await admin.Get($"/privacy/erasures/{waiting}")).Ok().GetRawText().ShouldNotContain(asker.User);
    }

    [Theory, Engines]
    public async Task Stored_responses_naming_person_are_erased(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var person = Caller.Create(host, tenant: tenant, user: "u_person");
        foreach (var user in (string[])[person.User, person.User + "_else"])
        {
            (await owner.Json(
                "PATCH",
                $"/tenants/{tenant}/members/{user}",
                """{"role":"member"}""",
                ("Idempotency-Key", "role-" + user))).Ok();
        }

        await owner.Erased(person.User);
        var kept = await host.Services.GetRequiredService<Database>().ReadAsync(
            new Scope(tenant, "prod"),
            session => session.QueryAsync<string>("select key from kept_answers where tenant_id = @tenant", new { tenant }),
            TestContext.Current.CancellationToken);
        kept.ShouldBe([$"role-{person.User}_else"]);
    }

    [Theory, Engines]
    public async Task Env_scoped_key_cannot_request_erasure_or_export(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var key =
            (await owner.Json("POST", $"/tenants/{tenant}/api-keys", """{"name":"K","role":"admin","env":"prod"}""")).Ok()
                .GetProperty("key")
                .GetString()!;
        using var machine = Caller.WithToken(host, key, tenant);
        (await machine.Erase("u_any")).Refused(403, "privacy.env_bound");
        (await machine.Get("/privacy/subject-export?user_id=u_any")).Refused(403, "privacy.env_bound");
    }

    [Theory, Engines]
    public async Task Last_owner_cannot_be_erased(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant, user: "u_first_" + tenant);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var admin = owner.Colleague("admin");
        (await owner.Erase(owner.User)).Refused(409, "privacy.last_owner").Json.GetProperty("detail").GetString()!.ShouldContain(
            "Make somebody else owner first");
        (await admin.Erase(owner.User)).Refused(403, "auth.role");
        using var second = Caller.Create(host, "owner", tenant, user: "u_second_" + tenant);
        (await owner.Json("PATCH", $"/tenants/{tenant}/members/{second.User}", """{"role":"owner"}""")).Ok();
        await second.Erased(owner.User);
        (await owner.Get("/nexus/cards")).Refused(403, "auth.tenant_mismatch");
        (await second.Erase(second.User)).Refused(409, "privacy.last_owner");
    }
}
