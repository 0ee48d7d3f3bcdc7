using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.Identity;

/// <summary>API keys over the real server.</summary>
public sealed class ApiKeyTests
{
    [Theory, Engines]
    public async Task Key_determines_tenant_role_and_env(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}";
        var made = await ada.Post(path + "/api-keys", Key("viewer", "prod"));
        var key = Key(made);
        key.ShouldStartWith($"nxs_{ada.TenantId}.");

        var agent = WithKey(host, key);
        await agent.Get("/nexus/cards");
        await new Api(host.Bearer(key)).Get("/nexus/cards");
        await agent.Refused(HttpMethod.Get, path + "/members", HttpStatusCode.Forbidden, "auth.role");
        await agent.Refused(HttpMethod.Get, path + "/api-keys", HttpStatusCode.Forbidden, "auth.role");
        var me = await agent.Get("/auth/me");
        me.GetProperty("user").GetProperty("user_id").GetString().ShouldBe("key_" + made.GetProperty("key_id").GetString());
        me.GetProperty("actor_type").GetString().ShouldBe("agent");
        await agent.In(ada.TenantId!, "dev").Refused(HttpMethod.Get, path + "/members", HttpStatusCode.BadRequest, "context.mismatch");
        var bob = await Api.SignUpAsync(host);
        await agent.In(bob.TenantId!)
            .Refused(HttpMethod.Get, $"/tenants/{bob.TenantId}/members", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
    }

    [Theory, Engines]
    public async Task Key_is_shown_once_and_stops_working_when_revoked(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}/api-keys";
        ada.Http.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var made = await ada.Post(path, Key("admin"));
        await ada.Refused(HttpMethod.Post, path, HttpStatusCode.Conflict, "idempotency.secret", Key("admin"));
        ada.Http.DefaultRequestHeaders.Remove("Idempotency-Key");
        var agent = WithKey(host, Key(made)).In(ada.TenantId!);
        var list = await agent.Get(path);
        list.GetRawText().ShouldNotContain(Key(made));
        list.GetProperty("items")[0].GetProperty("created_by").GetString().ShouldBe(ada.UserId);

        await ada.Delete($"{path}/{made.GetProperty("key_id").GetString()}");

        await agent.Refused(HttpMethod.Get, path, HttpStatusCode.Unauthorized, "auth.invalid");
        (await ada.Get(path)).GetProperty("items").GetArrayLength().ShouldBe(0);
        await ada.Refused(HttpMethod.Delete, $"{path}/{made.GetProperty("key_id").GetString()}", HttpStatusCode.NotFound, "not_found");
        (await ada.Events(2)).ShouldBe(["api_key_deleted", "api_key_created"]);
    }

    [Theory, Engines]
    public async Task Key_cannot_grant_more_access_than_it_has(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}";
        var agent = WithKey(host, Key(await ada.Post(path + "/api-keys", Key("admin", "prod")))).In(ada.TenantId!);
        await agent.Refused(HttpMethod.Post, path + "/api-keys", HttpStatusCode.Forbidden, "auth.role", Key("owner", "prod"));
        await agent.Refused(HttpMethod.Post, path + "/api-keys", HttpStatusCode.Forbidden, "auth.credential", Key("admin"));
        var human = Key("admin", "prod");
        human["actor_type"] = "human";
        await agent.Refused(HttpMethod.Post, path + "/api-keys", HttpStatusCode.Forbidden, "auth.credential", human);
        await agent.Refused(
            HttpMethod.Post,
            path + "/members",
            HttpStatusCode.Forbidden,
            "auth.credential",
            new JsonObject { ["email"] = Api.NewEmail(), ["role"] = "admin" });
        await agent.Refused(
            HttpMethod.Post,
            "/tenants",
            HttpStatusCode.Forbidden,
            "auth.credential",
            new JsonObject { ["tenant_id"] = NexusHost.NewTenant(), ["name"] = "x" });
        await agent.Refused(HttpMethod.Post, "/auth/logout", HttpStatusCode.Forbidden, "auth.credential");
        await agent.Post(path + "/api-keys", Key("member", "prod"));
    }

    [Theory, Engines]
    public async Task Env_scoped_key_sees_only_keys_of_its_env(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}/api-keys";
        var (free, prod) = (Id(await ada.Post(path, Key("viewer"))), Id(await ada.Post(path, Key("viewer", "prod"))));
        ada.In(ada.TenantId!, "dev");
        var (key, dev) = (Key(await ada.Post(path, Key("admin", "dev"))), Id(await ada.Post(path, Key("viewer", "dev"))));
        var agent = WithKey(host, key).In(ada.TenantId!, "dev");

        (await agent.Get(path)).GetProperty("items")
            .EnumerateArray()
            .Select(key => key.GetProperty("env").GetString())
            .ShouldBe(["dev", "dev"]);
        await agent.Refused(HttpMethod.Delete, $"{path}/{free}", HttpStatusCode.NotFound, "not_found");
        await agent.Refused(HttpMethod.Delete, $"{path}/{prod}", HttpStatusCode.NotFound, "not_found");
        await agent.Delete($"{path}/{dev}");
        (await ada.Get(path)).GetProperty("items").GetArrayLength().ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Past_expiry_and_mistyped_key_are_rejected(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}/api-keys";
        var past = Key("viewer");
        past["expires_at"] = "2020-01-01T00:00:00Z";
        await ada.Refused(HttpMethod.Post, path, HttpStatusCode.UnprocessableEntity, "body.invalid", past);
        var key = Key(await ada.Post(path, Key("viewer")));
        await WithKey(host, key[..^1] + (key[^1] == 'A' ? 'B' : 'A'))
            .Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        var bad = new JsonObject { ["name"] = "", ["role"] = "root", ["actor_type"] = "system" };
        (await ada.Refused(HttpMethod.Post, path, HttpStatusCode.UnprocessableEntity, "body.invalid", bad)).GetProperty("errors")
            .EnumerateObject()
            .Count()
            .ShouldBe(3);
    }

    private static Api WithKey(NexusHost host, string key)
    {
        var http = host.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        return new Api(http);
    }

    private static JsonObject Key(string role, string? env = null)
    {
        var body = new JsonObject { ["name"] = "a key", ["role"] = role };
        if (env is not null)
        {
            body["env"] = env;
        }

        return body;
    }

    private static string Id(JsonElement made) => made.GetProperty("key_id").GetString()!;

    private static string Key(JsonElement made) => made.GetProperty("key").GetString()!;
}
