using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

/// <summary>Creating, renaming and suspending tenants.</summary>
public sealed class TenantTests
{
    [Theory, Engines]
    public async Task Creator_owns_new_tenant(string engine)
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
    public async Task Create_retry_is_replayed_even_after_later_events(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var body = new JsonObject { ["tenant_id"] = NexusHost.NewTenant(), ["name"] = "Once" };
        ada.Http.DefaultRequestHeaders.Add("Idempotency-Key", "make");
        var made = await ada.Post("/tenants", (JsonObject)body.DeepClone());
        ada.In((string)body["tenant_id"]!);
        await ada.Patch($"/tenants/{body["tenant_id"]}", new JsonObject { ["name"] = "Renamed" });

        (await ada.Post("/tenants", (JsonObject)body.DeepClone())).GetRawText().ShouldBe(made.GetRawText());
        body["name"] = "Other";
        await ada.Refused(HttpMethod.Post, "/tenants", HttpStatusCode.UnprocessableEntity, "idempotency.mismatch", body);
    }

    [Theory, Engines]
    public async Task Taken_or_malformed_tenant_id_is_rejected(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        foreach (var id in new[] { ada.TenantId!, "t_system" })
        {
            await bob.Refused(
                HttpMethod.Post,
                "/tenants",
                HttpStatusCode.Conflict,
                "tenant.taken",
                new JsonObject { ["tenant_id"] = id, ["name"] = "x" });
        }

        await bob.Refused(
            HttpMethod.Post,
            "/tenants",
            HttpStatusCode.UnprocessableEntity,
            "body.invalid",
            new JsonObject { ["tenant_id"] = "acme", ["name"] = "x" });
        await bob.Refused(
            HttpMethod.Patch,
            $"/tenants/{ada.TenantId}",
            HttpStatusCode.BadRequest,
            "context.mismatch",
            new JsonObject { ["name"] = "x" });
        await bob.In(ada.TenantId!)
            .Refused(
                HttpMethod.Patch,
                $"/tenants/{ada.TenantId}",
                HttpStatusCode.Forbidden,
                "auth.tenant_mismatch",
                new JsonObject { ["name"] = "x" });
    }

    [Theory, Engines]
    public async Task Suspended_tenant_is_blocked_until_owner_reactivates_it(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}";
        await ada.Refused(
            HttpMethod.Patch,
            path,
            HttpStatusCode.UnprocessableEntity,
            "body.invalid",
            new JsonObject { ["status"] = "gone" });

        await ada.Patch(path, new JsonObject { ["status"] = "suspended" });

        await ada.Refused(HttpMethod.Get, path + "/members", HttpStatusCode.Forbidden, "tenant.suspended");
        (await ada.Get("/auth/me")).GetProperty("tenant").GetProperty("status").GetString().ShouldBe("suspended");
        await ada.Patch(path, new JsonObject { ["status"] = "active" });
        await ada.Get(path + "/members");
    }

    [Theory, Engines]
    public async Task With_trusted_tokens_only_claimed_owner_can_create_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var id = NexusHost.NewTenant();
        await new Api(host.Bearer(TrustedToken.Mint("stranger", ("t_other", "owner")))).Refused(
            HttpMethod.Post, "/tenants", HttpStatusCode.Forbidden, "auth.role", new JsonObject { ["tenant_id"] = id, ["name"] = "x" });

        var made = await new Api(host.Bearer(TrustedToken.Mint("owner", (id, "owner")))).Post(
            "/tenants",
            new JsonObject { ["tenant_id"] = id, ["name"] = "x" });

        made.GetProperty("tenant_id").GetString().ShouldBe(id);
    }

    [Theory, Engines]
    public async Task Sign_up_cannot_claim_tenant_id_that_already_has_events(string engine)
    {
        var host = await Api.HostAsync(engine);
        var id = NexusHost.NewTenant();
        await host.Services.GetRequiredService<Database>().WriteAsync(
            new Scope(id, "dev"),
            session =>
                host.Services.GetRequiredService<EventLog>()
                    .AppendAsync(session, RequestContextFactory.ForSystem("test", session.Scope), new NewEvent("flags_updated", "flags")),
            TestContext.Current.CancellationToken);

        var session = await new Api(host.Anonymous()).Post(
            "/auth/signup",
            new JsonObject { ["email"] = Api.NewEmail(), ["password"] = Api.Password, ["tenant_name"] = id[2..] });

        session.GetProperty("tenant").GetProperty("tenant_id").GetString()!.ShouldStartWith(id + "-");
        await Api.As(host, session)
            .Refused(
                HttpMethod.Post,
                "/tenants",
                HttpStatusCode.Conflict,
                "tenant.taken",
                new JsonObject { ["tenant_id"] = id, ["name"] = "x" });
    }

    [Theory, Engines]
    public async Task Refresh_can_select_tenant_when_user_has_too_many_for_token(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var last = "";
        for (var i = 0; i < 55; i++)
        {
            last = NexusHost.NewTenant();
            await ada.Post("/tenants", new JsonObject { ["tenant_id"] = last, ["name"] = "x" });
        }

        var nobody = new Api(host.Anonymous()).In(last);
        var session = await nobody.Post("/auth/refresh", new JsonObject { ["refresh_token"] = ada.RefreshToken });

        session.GetProperty("tenant").GetProperty("tenant_id").GetString().ShouldBe(last);
        session.GetProperty("memberships").GetArrayLength().ShouldBe(50);
        session.GetProperty("memberships")[0].GetProperty("tenant_id").GetString().ShouldBe(last);
        var again = Api.As(host, session);
        (await again.Get("/auth/me")).GetProperty("memberships").GetArrayLength().ShouldBe(56);
        await again.Get($"/tenants/{last}/members");
        var bob = await Api.SignUpAsync(host);
        await nobody.Refused(
            HttpMethod.Post,
            "/auth/refresh",
            HttpStatusCode.Forbidden,
            "auth.tenant_mismatch",
            new JsonObject { ["refresh_token"] = bob.RefreshToken });
    }

    [Theory, Engines]
    public async Task Members_and_keys_of_other_tenant_are_not_found(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var key = (await ada.Post($"/tenants/{ada.TenantId}/api-keys", new JsonObject { ["name"] = "k", ["role"] = "viewer" })).GetProperty(
            "key_id")
            .GetString();
        var invited = (await ada.Post(
            $"/tenants/{ada.TenantId}/members",
            new JsonObject { ["email"] = Api.NewEmail(), ["role"] = "viewer" })).GetProperty(
            "user_id")
            .GetString();
        foreach (var path in new[] { $"api-keys/{key}", $"members/{ada.UserId}", $"members/{invited}" })
        {
            await bob.Refused(HttpMethod.Delete, $"/tenants/{bob.TenantId}/{path}", HttpStatusCode.NotFound, "not_found");
        }

        (await bob.Get($"/tenants/{bob.TenantId}/members")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await bob.Get($"/tenants/{bob.TenantId}/api-keys")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await ada.Get($"/tenants/{ada.TenantId}/members")).GetProperty("items").GetArrayLength().ShouldBe(2);
    }
}
