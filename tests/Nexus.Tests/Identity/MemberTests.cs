using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.Identity;

/// <summary>A tenant's members, invitations and reset links.</summary>
public sealed class MemberTests
{
    [Theory, Engines]
    public async Task Existing_user_joins_at_once_and_loses_access_when_removed(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var path = $"/tenants/{ada.TenantId}/members";
        bob.In(ada.TenantId!);
        await bob.Refused(HttpMethod.Get, path, HttpStatusCode.Forbidden, "auth.tenant_mismatch");

        var added = await ada.Post(path, Member(bob.Email, "member"));

        added.GetProperty("user_id").GetString().ShouldBe(bob.UserId);
        added.GetProperty("status").GetString().ShouldBe("active");
        await bob.Get("/nexus/cards");
        await bob.Refused(HttpMethod.Get, path, HttpStatusCode.Forbidden, "auth.role");
        (await ada.Get(path)).GetProperty("items").GetArrayLength().ShouldBe(2);
        await bob.Refused(HttpMethod.Post, path, HttpStatusCode.Forbidden, "auth.role", Member("x@example.com", "viewer"));
        await ada.Refused(HttpMethod.Post, path, HttpStatusCode.Conflict, "member.exists", Member(bob.Email, "admin"));
        await ada.Patch($"{path}/{bob.UserId}", new JsonObject { ["role"] = "viewer" });
        await ada.Delete($"{path}/{bob.UserId}");
        await bob.Refused(HttpMethod.Get, path, HttpStatusCode.Forbidden, "auth.tenant_mismatch");
        await ada.Refused(HttpMethod.Delete, $"{path}/{bob.UserId}", HttpStatusCode.NotFound, "not_found");
        (await ada.Events(3)).ShouldBe(["member_removed", "member_updated", "member_added"]);
        (await ada.Post(path, Member(bob.Email, "admin"))).GetProperty("role").GetString().ShouldBe("admin", "who left can come back");
    }

    [Theory, Engines]
    public async Task Add_member_retry_is_replayed_but_invitation_is_not(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var path = $"/tenants/{ada.TenantId}/members";
        ada.Http.DefaultRequestHeaders.Add("Idempotency-Key", "known");
        var added = await ada.Post(path, Member(bob.Email, "member"));
        (await ada.Post(path, Member(bob.Email, "member"))).GetRawText().ShouldBe(added.GetRawText());

        ada.Http.DefaultRequestHeaders.Remove("Idempotency-Key");
        ada.Http.DefaultRequestHeaders.Add("Idempotency-Key", "unknown");
        var email = Api.NewEmail();
        await ada.Post(path, Member(email, "member"));
        await ada.Refused(HttpMethod.Post, path, HttpStatusCode.Conflict, "idempotency.secret", Member(email, "member"));
    }

    [Theory, Engines]
    public async Task Admin_cannot_promote_self_or_change_owner(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var path = $"/tenants/{ada.TenantId}/members";
        await ada.Post(path, Member(bob.Email, "admin"));
        bob.In(ada.TenantId!);
        await bob.Refused(HttpMethod.Post, path, HttpStatusCode.Forbidden, "auth.role", Member(Api.NewEmail(), "owner"));
        await bob.Refused(
            HttpMethod.Patch,
            $"{path}/{bob.UserId}",
            HttpStatusCode.Forbidden,
            "auth.role",
            new JsonObject { ["role"] = "owner" });
        await bob.Refused(
            HttpMethod.Patch,
            $"{path}/{ada.UserId}",
            HttpStatusCode.Forbidden,
            "auth.role",
            new JsonObject { ["role"] = "viewer" });
        await bob.Refused(HttpMethod.Delete, $"{path}/{ada.UserId}", HttpStatusCode.Forbidden, "auth.role");
        await bob.Refused(
            HttpMethod.Patch,
            $"{path}/{NexusHost.NewTenant()}",
            HttpStatusCode.NotFound,
            "not_found",
            new JsonObject { ["role"] = "viewer" });
        await bob.Refused(
            HttpMethod.Patch,
            $"{path}/{ada.UserId}",
            HttpStatusCode.UnprocessableEntity,
            "body.invalid",
            new JsonObject { ["role"] = "Owner" });
    }

    [Theory, Engines]
    public async Task Last_owner_cannot_be_removed_or_demoted(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var path = $"/tenants/{ada.TenantId}/members";
        await ada.Refused(HttpMethod.Delete, $"{path}/{ada.UserId}", HttpStatusCode.Conflict, "member.last_owner");
        await ada.Refused(
            HttpMethod.Patch,
            $"{path}/{ada.UserId}",
            HttpStatusCode.Conflict,
            "member.last_owner",
            new JsonObject { ["role"] = "admin" });
        await ada.Post(path, Member(bob.Email, "owner"));
        bob.In(ada.TenantId!);

        var both = await Task.WhenAll(
            ada.Send(HttpMethod.Delete, $"{path}/{ada.UserId}", null),
            bob.Send(HttpMethod.Delete, $"{path}/{bob.UserId}", null));

        both.Select(answer => answer.StatusCode).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Conflict], ignoreOrder: true);
        Array.ForEach(both, answer => answer.Dispose());
    }

    [Theory, Engines]
    public async Task Invitation_creates_account_once(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}/members";
        var email = Api.NewEmail();
        var invited = await ada.Post(path, Member(email, "member"));
        invited.GetProperty("status").GetString().ShouldBe("invited");
        invited.GetProperty("invitation").GetProperty("url").GetString()!.ShouldContain("/setup#invitation=nxl_");
        var token = Token(invited);
        (await ada.Get(path)).GetProperty("items")
            .EnumerateArray()
            .Select(m => m.GetProperty("status").GetString())
            .ShouldBe(["active", "invited"], ignoreOrder: true);
        var nobody = new Api(host.Anonymous());
        await nobody.Refused(HttpMethod.Post, "/auth/redeem", HttpStatusCode.UnprocessableEntity, "body.invalid", Redeem(token, "short"));

        var bob = Api.As(host, await nobody.Post("/auth/redeem", Redeem(token)));

        bob.Email.ShouldBe(email);
        bob.TenantId.ShouldBe(ada.TenantId);
        (await ada.Get(path)).GetProperty("items").GetArrayLength().ShouldBe(2);
        await bob.Get("/nexus/cards");
        await nobody.Refused(HttpMethod.Post, "/auth/redeem", HttpStatusCode.Unauthorized, "auth.invalid", Redeem(token));
        await Api.LogInAsync(host, email);
    }

    [Theory, Engines]
    public async Task Invitation_requires_password_of_existing_account(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var email = Api.NewEmail();
        var token = Token(await ada.Post($"/tenants/{ada.TenantId}/members", Member(email, "member")));
        var bob = await Api.SignUpAsync(host, email);
        var nobody = new Api(host.Anonymous());
        await nobody.Refused(
            HttpMethod.Post,
            "/auth/redeem",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            Redeem(token, "a password of somebody else"));

        var joined = Api.As(host, await nobody.Post("/auth/redeem", Redeem(token)));

        joined.UserId.ShouldBe(bob.UserId);
        (await joined.Get("/auth/me")).GetProperty("memberships").GetArrayLength().ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Withdrawn_or_replaced_invitation_is_invalid(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var path = $"/tenants/{ada.TenantId}/members";
        var email = Api.NewEmail();
        var first = Token(await ada.Post(path, Member(email, "member")));
        var second = await ada.Post(path, Member(email, "viewer"));
        var nobody = new Api(host.Anonymous());
        await nobody.Refused(HttpMethod.Post, "/auth/redeem", HttpStatusCode.Unauthorized, "auth.invalid", Redeem(first));
        await ada.Delete($"{path}/{second.GetProperty("user_id").GetString()}");
        await nobody.Refused(HttpMethod.Post, "/auth/redeem", HttpStatusCode.Unauthorized, "auth.invalid", Redeem(Token(second)));
    }

    [Theory, Engines]
    public async Task Removed_member_cannot_return_with_old_invitation(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, email) = (await Api.SignUpAsync(host), Api.NewEmail());
        var path = $"/tenants/{ada.TenantId}/members";
        var token = Token(await ada.Post(path, Member(email, "admin")));
        var bob = await Api.SignUpAsync(host, email);
        await ada.Post(path, Member(email, "viewer"));

        await ada.Delete($"{path}/{bob.UserId}");

        await new Api(host.Anonymous()).Refused(
            HttpMethod.Post,
            "/auth/redeem",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            Redeem(token));
        (await ada.Get(path)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Reset_link_sets_password_and_ends_all_sessions(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var email = Api.NewEmail();
        var nobody = new Api(host.Anonymous());
        var bob = Api.As(
            host,
            await nobody.Post("/auth/redeem", Redeem(Token(await ada.Post($"/tenants/{ada.TenantId}/members", Member(email, "member"))))));

        var link = await ada.Post($"/tenants/{ada.TenantId}/reset-links", new JsonObject { ["email"] = email });
        await nobody.Post("/auth/redeem", Redeem(link.GetProperty("token").GetString()!, "another long password"));

        await bob.Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        await nobody.Refused(
            HttpMethod.Post,
            "/auth/redeem",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            Redeem(link.GetProperty("token").GetString()!));
        await Api.LogInAsync(host, email, "another long password");
    }

    [Theory, Engines]
    public async Task Reset_link_is_invalid_for_user_who_belongs_to_other_tenant(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var path = $"/tenants/{ada.TenantId}";
        var nobody = new Api(host.Anonymous());
        await ada.Refused(
            HttpMethod.Post,
            path + "/reset-links",
            HttpStatusCode.NotFound,
            "not_found",
            new JsonObject { ["email"] = bob.Email });
        await ada.Post(path + "/members", Member(bob.Email, "member"));
        await ada.Refused(
            HttpMethod.Post,
            path + "/reset-links",
            HttpStatusCode.Forbidden,
            "member.elsewhere",
            new JsonObject { ["email"] = bob.Email });

        var email = Api.NewEmail();
        var eve = Api.As(
            host,
            await nobody.Post("/auth/redeem", Redeem(Token(await ada.Post(path + "/members", Member(email, "member"))))));
        var link = await ada.Post(path + "/reset-links", new JsonObject { ["email"] = email });
        await eve.Post("/tenants", new JsonObject { ["tenant_id"] = NexusHost.NewTenant(), ["name"] = "Eve's own" });
        await nobody.Refused(
            HttpMethod.Post,
            "/auth/redeem",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            Redeem(link.GetProperty("token").GetString()!));
    }

    [Theory, Engines]
    public async Task Reset_link_requires_account_created_by_invitation(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, nobody) = (await Api.SignUpAsync(host), new Api(host.Anonymous()));
        var path = $"/tenants/{ada.TenantId}";
        var stranger = new JsonObject { ["email"] = Api.NewEmail(), ["password"] = Api.Password };
        await nobody.Post("/auth/signup", (JsonObject)stranger.DeepClone());
        var email = new JsonObject { ["email"] = stranger["email"]!.DeepClone() };

        await ada.Post(path + "/members", Member((string)stranger["email"]!, "member"));

        await ada.Refused(HttpMethod.Post, path + "/reset-links", HttpStatusCode.Forbidden, "member.elsewhere", email);
        await Api.LogInAsync(host, (string)stranger["email"]!);
    }

    [Theory, Engines]
    public async Task Stored_membership_overrides_trusted_token_claims(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        var (owner, member) = (new Api(host.Client(tenant, "owner", "owner")), new Api(host.Client(tenant, "somebody", "admin")));
        var path = $"/tenants/{tenant}/members";
        await member.Get("/audit/events");

        await owner.Patch($"{path}/somebody", new JsonObject { ["role"] = "viewer" });
        await member.Refused(HttpMethod.Post, path, HttpStatusCode.Forbidden, "auth.role", Member("x@example.com", "viewer"));
        await owner.Delete($"{path}/somebody");
        await owner.Refused(HttpMethod.Delete, $"{path}/somebody", HttpStatusCode.NotFound, "not_found");
        await member.Refused(HttpMethod.Get, path, HttpStatusCode.Forbidden, "auth.tenant_mismatch");
    }

    [Theory, Engines]
    public async Task Only_owner_can_remove_others_known_from_tokens_only(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        var (owner, admin, other) = (
            new Api(host.Client(tenant, "owner", "owner")),
            new Api(host.Client(tenant, "an admin", "admin")),
            new Api(host.Client(tenant, "other", "owner", "dev")));
        var path = $"/tenants/{tenant}/members";
        await other.Get("/audit/events");
        await admin.Refused(
            HttpMethod.Patch,
            $"{path}/other",
            HttpStatusCode.NotFound,
            "not_found",
            new JsonObject { ["role"] = "viewer" });
        await admin.Refused(HttpMethod.Delete, $"{path}/other", HttpStatusCode.NotFound, "not_found");
        await admin.Refused(HttpMethod.Delete, $"{path}/never-seen", HttpStatusCode.NotFound, "not_found");
        await owner.Refused(HttpMethod.Delete, $"{path}/key_1", HttpStatusCode.NotFound, "not_found");

        await owner.Delete($"{path}/other");
        await admin.Delete($"{path}/an%20admin");

        await other.Refused(HttpMethod.Get, "/audit/events", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
        await admin.Refused(HttpMethod.Get, "/audit/events", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
        await owner.Delete($"{path}/not-yet-seen");
        await new Api(host.Client(tenant, "not-yet-seen", "owner")).Refused(
            HttpMethod.Get,
            path,
            HttpStatusCode.Forbidden,
            "auth.tenant_mismatch");
    }

    [Fact]
    public async Task Member_removed_on_one_node_loses_access_on_other()
    {
        await using var first = await NexusHost.StartAsync("postgres", Api.Open);
        await using var second = await first.StartSecondNodeAsync();
        var (ada, bob) = (await Api.SignUpAsync(first), await Api.SignUpAsync(first));
        var path = $"/tenants/{ada.TenantId}/members";
        await ada.Post(path, Member(bob.Email, "admin"));
        var there = (await Api.LogInAsync(second, bob.Email)).In(ada.TenantId!);
        await there.Get(path);

        await ada.Delete($"{path}/{bob.UserId}");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        while (true)
        {
            using var answer = await there.Http.GetAsync(path, linked.Token);
            if (answer.StatusCode == HttpStatusCode.Forbidden)
            {
                break;
            }
        }
    }

    private static JsonObject Member(string email, string role) => new() { ["email"] = email, ["role"] = role };

    private static JsonObject Redeem(string token, string password = Api.Password) => new() { ["token"] = token, ["password"] = password };

    private static string Token(JsonElement member) => member.GetProperty("invitation").GetProperty("token").GetString()!;
}
