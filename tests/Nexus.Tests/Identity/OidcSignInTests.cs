using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

/// <summary>Sign-in of users of a trusted issuer, against the real server.</summary>
public sealed class OidcSignInTests
{
    [Theory, Engines]
    public async Task First_sign_in_joins_only_tenants_bound_to_issuer(string engine)
    {
        await using var issuer = await OidcServer.StartAsync();
        await using var host = await NexusHost.StartAsync(engine, Settings(issuer, "member"));
        var token = Token(issuer, "bob");
        var bob = new Api(host.Bearer(token)).In("t_bound");

        var me = await bob.Get("/auth/me");

        me.GetProperty("memberships").GetArrayLength().ShouldBe(2);
        me.GetProperty("tenant").GetProperty("tenant_id").GetString().ShouldBe("t_bound");
        me.GetProperty("memberships")[0].GetProperty("role").GetString().ShouldBe("member");
        await bob.Get("/nexus/cards");
        var again = await new Api(host.Bearer(Token(issuer, "bob"))).Get("/auth/me");
        again.GetProperty("user").GetRawText().ShouldBe(me.GetProperty("user").GetRawText());
        var other = await new Api(host.Bearer(Token(issuer, "eve"))).Get("/auth/me");
        other.GetProperty("user")
            .GetProperty("user_id")
            .GetString()
            .ShouldNotBe(me.GetProperty("user").GetProperty("user_id").GetString(), "the same address is not the same person");

        await bob.In("t_other").Refused(HttpMethod.Get, "/tenants/t_other/members", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
        await bob.Refused(
            HttpMethod.Post,
            "/tenants",
            HttpStatusCode.Forbidden,
            "auth.credential",
            new JsonObject { ["tenant_id"] = "t_new", ["name"] = "x" });
        await bob.Refused(HttpMethod.Post, "/auth/logout", HttpStatusCode.Forbidden, "auth.credential");
    }

    [Theory, Engines]
    public async Task Membership_in_tenant_not_bound_to_issuer_is_ignored(string engine)
    {
        await using var issuer = await OidcServer.StartAsync();
        await using var host = await NexusHost.StartAsync(engine, Settings(issuer, "member"));
        var bob = new Api(host.Bearer(Token(issuer, "bob"))).In("t_unbound");
        var id = (await bob.Get("/auth/me")).GetProperty("user").GetProperty("user_id").GetString()!;
        await host.Services.GetRequiredService<Database>().WriteAsync(
            Scope.System,
            session => StoredMembership.UpsertAsync(session, "t_unbound", id, Role.Owner, active: true, 0, 0),
            TestContext.Current.CancellationToken);

        await bob.Refused(HttpMethod.Get, "/tenants/t_unbound/members", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
        (await bob.Get("/auth/me")).GetProperty("memberships").GetArrayLength().ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Removed_member_is_not_readded_by_sign_in(string engine)
    {
        await using var issuer = await OidcServer.StartAsync();
        await using var host = await NexusHost.StartAsync(engine, Settings(issuer, "admin"));
        var (bob, eve) = (
            new Api(host.Bearer(Token(issuer, "bob"))).In("t_bound"),
            new Api(host.Bearer(Token(issuer, "eve"))).In("t_bound"));
        var id = (await bob.Get("/auth/me")).GetProperty("user").GetProperty("user_id").GetString();

        await eve.Delete($"/tenants/t_bound/members/{id}");

        await bob.Refused(HttpMethod.Get, "/tenants/t_bound/members", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
        await new Api(host.Bearer(Token(issuer, "bob", "another"))).In("t_bound")
            .Refused(HttpMethod.Get, "/tenants/t_bound/members", HttpStatusCode.Forbidden, "auth.tenant_mismatch");
    }

    [Theory, Engines]
    public async Task Concurrent_first_requests_create_one_user(string engine)
    {
        await using var issuer = await OidcServer.StartAsync();
        await using var host = await NexusHost.StartAsync(engine, Settings(issuer, "member"));
        var token = Token(issuer, "bob");
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new Api(host.Bearer(token)).Get("/auth/me")));
        all.Select(me => me.GetProperty("user").GetRawText()).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Unreachable_issuer_returns_503_and_unknown_issuer_401()
    {
        await using var issuer = await OidcServer.StartAsync();
        await using var host = await NexusHost.StartAsync("sqlite", Settings(issuer, "member"));
        issuer.IsDown = true;
        await new Api(host.Bearer(Token(issuer, "bob"))).Refused(
            HttpMethod.Get,
            "/auth/me",
            HttpStatusCode.ServiceUnavailable,
            "auth.issuer_unreachable");
        var foreign = issuer.Token($$"""{"iss":"https://evil.example","sub":"bob","aud":"nexus","exp":{{Exp()}}}""");
        await new Api(host.Bearer(foreign)).Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
    }

    private static Dictionary<string, string?> Settings(OidcServer issuer, string role) => new()
    {
        ["Nexus:Auth:AllowPrivateIssuers"] = "true",
        ["Nexus:Auth:Issuers:0:Issuer"] = issuer.Issuer,
        ["Nexus:Auth:Issuers:0:Audience"] = "nexus",
        ["Nexus:Auth:Issuers:0:Tenants:0"] = "t_bound",
        ["Nexus:Auth:Issuers:0:Tenants:1"] = "t_bound2",
        ["Nexus:Auth:Issuers:0:Role"] = role,
    };

    private static string Token(OidcServer issuer, string subject, string jti = "1") =>
        issuer.Token(
            $$"""{"iss":"{{issuer.Issuer}}","sub":"{{subject}}","aud":"nexus","jti":"{{jti}}","email":"shared@example.com","exp":{{Exp()}}}""");

    private static long Exp() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600;
}
