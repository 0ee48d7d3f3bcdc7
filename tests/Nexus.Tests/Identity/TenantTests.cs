using System.Net;
using System.Text.Json.Nodes;

namespace Nexus.Tests.Identity;

/// <summary>Making tenants, naming and suspending them.</summary>
public sealed class TenantTests
{
    [Theory, Engines]
    public async Task Whoever_makes_a_tenant_owns_it(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var id = NexusHost.NewTenant();

        var made = await ada.Post("/tenants", new JsonObject { ["tenant_id"] = id, ["name"] = " New " });

        made.GetProperty("name").GetString().ShouldBe("New");
        ada.In(id);
        var renamed = await ada.Patch($"/tenants/{id}", new JsonObject { ["name"] = "Newer" });
        renamed.GetProperty("name").GetString().ShouldBe("Newer");
        renamed.GetProperty("status").GetString().ShouldBe("active");
        (await ada.Events(5)).ShouldBe(["tenant_updated"]);
        (await ada.Get("/tenants?limit=1")).GetProperty("next_cursor").GetString().ShouldNotBeNull();
    }

    [Theory, Engines]
    public async Task Taken_and_malformed_ids_are_refused(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        foreach (var id in new[] { ada.TenantId!, "t_system" })
        {
            await bob.Refused(HttpMethod.Post, "/tenants", HttpStatusCode.Conflict, "tenant.taken", new JsonObject { ["tenant_id"] = id, ["name"] = "x" });
        }

        await bob.Refused(HttpMethod.Post, "/tenants", HttpStatusCode.UnprocessableEntity, "body.invalid", new JsonObject { ["tenant_id"] = "acme", ["name"] = "x" });
        await bob.Refused(HttpMethod.Patch, $"/tenants/{ada.TenantId}", HttpStatusCode.BadRequest, "context.mismatch", new JsonObject { ["name"] = "x" });
        await bob.In(ada.TenantId!).Refused(HttpMethod.Patch, $"/tenants/{ada.TenantId}", HttpStatusCode.Forbidden, "auth.tenant_mismatch", new JsonObject { ["name"] = "x" });
    }

    [Theory, Engines]
    public async Task A_suspended_tenant_is_closed_until_its_owner_opens_it(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}";
        await ada.Refused(HttpMethod.Patch, path, HttpStatusCode.UnprocessableEntity, "body.invalid", new JsonObject { ["status"] = "gone" });

        await ada.Patch(path, new JsonObject { ["status"] = "suspended" });

        await ada.Refused(HttpMethod.Get, path + "/members", HttpStatusCode.Forbidden, "tenant.suspended");
        (await ada.Get("/auth/me")).GetProperty("tenant").GetProperty("status").GetString().ShouldBe("suspended");
        await ada.Patch(path, new JsonObject { ["status"] = "active" });
        await ada.Get(path + "/members");
    }

    [Theory, Engines]
    public async Task Where_a_platform_names_tenants_a_stranger_cannot_take_one(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var id = NexusHost.NewTenant();
        await new Api(host.Bearer(TrustedToken.Mint("stranger", ("t_other", "owner")))).Refused(
            HttpMethod.Post, "/tenants", HttpStatusCode.Forbidden, "auth.role", new JsonObject { ["tenant_id"] = id, ["name"] = "x" });

        var made = await new Api(host.Bearer(TrustedToken.Mint("owner", (id, "owner")))).Post("/tenants", new JsonObject { ["tenant_id"] = id, ["name"] = "x" });

        made.GetProperty("tenant_id").GetString().ShouldBe(id);
    }
}
