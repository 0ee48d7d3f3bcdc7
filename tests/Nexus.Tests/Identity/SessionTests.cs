using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Identity;

/// <summary>Sign-up, sign-in, refresh and logout.</summary>
public sealed class SessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Sign_up_creates_owner_and_sign_in_ignores_email_case(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        ada.TenantId.ShouldNotBeNull();

        var again = await Api.LogInAsync(host, ada.Email.ToUpperInvariant());

        again.UserId.ShouldBe(ada.UserId);
        var me = await again.Get("/auth/me");
        me.GetProperty("user").GetProperty("email").GetString().ShouldBe(ada.Email);
        me.GetProperty("tenant").GetProperty("status").GetString().ShouldBe("active");
        me.GetProperty("actor_type").GetString().ShouldBe("human");
        me.GetProperty("memberships")[0].GetProperty("role").GetString().ShouldBe("owner");
        (await again.Get("/tenants")).GetProperty("items")[0].GetProperty("tenant_id").GetString().ShouldBe(ada.TenantId);
    }

    [Theory, Engines]
    public async Task Sign_up_reports_every_invalid_field_and_rejects_taken_email(string engine)
    {
        var host = await Api.HostAsync(engine);
        var nobody = new Api(host.Anonymous());
        var problem = await nobody.Refused(
            HttpMethod.Post,
            "/auth/signup",
            HttpStatusCode.UnprocessableEntity,
            "body.invalid",
            new JsonObject { ["email"] = "no", ["password"] = "short", ["tenant_name"] = " " });
        problem.GetProperty("errors")
            .EnumerateObject()
            .Select(e => e.Name)
            .ShouldBe(["email", "password", "tenant_name"], ignoreOrder: true);

        var ada = await Api.SignUpAsync(host);
        await nobody.Refused(
            HttpMethod.Post,
            "/auth/signup",
            HttpStatusCode.Conflict,
            "auth.email_taken",
            new JsonObject { ["email"] = ada.Email.ToUpperInvariant(), ["password"] = Api.Password });
    }

    [Fact]
    public async Task Sign_up_is_disabled_by_default()
    {
        var host = await NexusHost.SharedAsync("sqlite");
        await new Api(host.Anonymous()).Refused(
            HttpMethod.Post,
            "/auth/signup",
            HttpStatusCode.Forbidden,
            "auth.signup_closed",
            new JsonObject { ["email"] = Api.NewEmail(), ["password"] = Api.Password });
    }

    [Theory, Engines]
    public async Task Wrong_password_and_unknown_account_are_indistinguishable(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var nobody = new Api(host.Anonymous());
        var wrong = await nobody.Refused(
            HttpMethod.Post,
            "/auth/login",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            new JsonObject { ["email"] = ada.Email, ["password"] = "wrong" });
        var unknown = await nobody.Refused(
            HttpMethod.Post,
            "/auth/login",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            new JsonObject { ["email"] = Api.NewEmail(), ["password"] = "wrong" });
        wrong.GetProperty("detail").GetString().ShouldBe(unknown.GetProperty("detail").GetString());
    }

    [Theory, Engines]
    public async Task Sign_in_attempts_per_account_are_limited(string engine)
    {
        var host = await Api.HostAsync(engine);
        var nobody = new Api(host.Anonymous());
        var body = new JsonObject { ["email"] = Api.NewEmail(), ["password"] = "wrong" };
        for (var i = 0; i < 10; i++)
        {
            await nobody.Refused(HttpMethod.Post, "/auth/login", HttpStatusCode.Unauthorized, "auth.invalid", (JsonObject)body.DeepClone());
        }

        await nobody.Refused(HttpMethod.Post, "/auth/login", HttpStatusCode.TooManyRequests, "rate_limit.exceeded", body);
    }

    [Theory, Engines]
    public async Task Refresh_token_rotates_and_tolerates_immediate_reuse(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);

        var second = await Refresh(host, ada.RefreshToken);
        second.RefreshToken.ShouldNotBe(ada.RefreshToken);
        var sibling = await Refresh(host, ada.RefreshToken);
        sibling.RefreshToken.ShouldNotBe(second.RefreshToken);

        (await Refresh(host, second.RefreshToken)).UserId.ShouldBe(ada.UserId);
        (await Refresh(host, sibling.RefreshToken)).UserId.ShouldBe(ada.UserId);
    }

    [Theory, Engines]
    public async Task Late_refresh_token_reuse_revokes_that_session_only(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var other = await Api.LogInAsync(host, ada.Email);
        var second = await Refresh(host, ada.RefreshToken);
        await host.Services.GetRequiredService<Database>().WriteAsync(
            Scope.System,
            session =>
                session.ExecuteAsync(
                    """
                    update refresh_tokens set used_at = used_at - 11000000
                      where used_at is not null and session_id in (select session_id from sessions where user_id = @UserId)
                    """,
                    new { ada.UserId }),
            Cancellation);

        await RefreshRefused(host, ada.RefreshToken);

        await RefreshRefused(host, second.RefreshToken);
        await second.Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        await other.Get("/auth/me");
        await Refresh(host, other.RefreshToken);
    }

    [Theory, Engines]
    public async Task Foreign_tenant_is_refused_without_using_refresh_token(string engine)
    {
        var host = await Api.HostAsync(engine);
        var (ada, bob) = (await Api.SignUpAsync(host), await Api.SignUpAsync(host));
        var elsewhere = new Api(host.Anonymous()).In(ada.TenantId!);
        await elsewhere.Refused(
            HttpMethod.Post,
            "/auth/refresh",
            HttpStatusCode.Forbidden,
            "auth.tenant_mismatch",
            new JsonObject { ["refresh_token"] = bob.RefreshToken });
        await elsewhere.Refused(
            HttpMethod.Post,
            "/auth/login",
            HttpStatusCode.Forbidden,
            "auth.tenant_mismatch",
            new JsonObject { ["email"] = bob.Email, ["password"] = Api.Password });

        var kept = await host.Services.GetRequiredService<Database>().ReadAsync(
            Scope.System,
            session =>
                session.QueryAsync<long?>(
                    "select t.used_at from refresh_tokens t join sessions s on s.session_id = t.session_id where s.user_id = @UserId",
                    new { bob.UserId }),
            Cancellation);

        kept.ShouldBe([null]);
        await Refresh(host, bob.RefreshToken);
    }

    [Theory, Engines]
    public async Task Only_unknown_refresh_tokens_count_toward_address_limit(string engine)
    {
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(Api.Open) { ["Nexus:Auth:SignIn:PerAddress"] = "3" });
        var ada = await Api.SignUpAsync(host);
        await RefreshRefused(host, "nxr_unknown");
        await RefreshRefused(host, "nxr_unknown");

        await new Api(host.Anonymous()).Refused(
            HttpMethod.Post,
            "/auth/refresh",
            HttpStatusCode.TooManyRequests,
            "rate_limit.exceeded",
            new JsonObject { ["refresh_token"] = "nxr_unknown" });

        await Refresh(host, ada.RefreshToken);
    }

    [Theory, Engines]
    public async Task Refresh_removes_expired_tokens_of_session(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var database = host.Services.GetRequiredService<Database>();
        var second = await Refresh(host, ada.RefreshToken);
        await database.WriteAsync(
            Scope.System,
            session =>
                session.ExecuteAsync(
                    """
                    update refresh_tokens set expires_at = 1 where used_at is not null and session_id in (select session_id
                      from sessions where user_id = @UserId)
                    """,
                    new { ada.UserId }),
            Cancellation);

        await Refresh(host, second.RefreshToken);

        (await database.ReadAsync(
            Scope.System,
            session =>
                session.FirstOrDefaultAsync<long>(
                    "select count(*) from refresh_tokens where session_id in (select session_id from sessions where user_id = @UserId)",
                    new { ada.UserId }),
            Cancellation)).ShouldBe(
                2);
    }

    [Theory, Engines]
    public async Task Concurrent_refreshes_with_one_token_all_succeed(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refresh(host, ada.RefreshToken)));
        all.Select(one => one.RefreshToken).Distinct().Count().ShouldBe(8);
    }

    [Theory, Engines]
    public async Task Logout_ends_session_and_its_tokens(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var other = await Api.LogInAsync(host, ada.Email);

        await ada.Post("/auth/logout");

        await ada.Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        await RefreshRefused(host, ada.RefreshToken);
        await other.Get("/auth/me");
    }

    [Theory, Engines]
    public async Task Password_change_ends_other_sessions(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var other = await Api.LogInAsync(host, ada.Email);
        await ada.Refused(
            HttpMethod.Post,
            "/auth/password",
            HttpStatusCode.Forbidden,
            "auth.password",
            Change("wrong", "another long password"));
        await ada.Refused(
            HttpMethod.Post,
            "/auth/password",
            HttpStatusCode.UnprocessableEntity,
            "body.invalid",
            Change(Api.Password, "short"));

        await ada.Post("/auth/password", Change(Api.Password, "another long password"));

        await ada.Get("/auth/me");
        await other.Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        await RefreshRefused(host, other.RefreshToken);
        await new Api(host.Anonymous()).Refused(
            HttpMethod.Post,
            "/auth/login",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            new JsonObject { ["email"] = ada.Email, ["password"] = Api.Password });
        await Api.LogInAsync(host, ada.Email, "another long password");
    }

    [Theory, Engines]
    public async Task Password_change_retry_succeeds(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        ada.Http.DefaultRequestHeaders.Add("Idempotency-Key", "change");
        await ada.Post("/auth/password", Change(Api.Password, "another long password"));

        await ada.Post("/auth/password", Change(Api.Password, "another long password"));

        await ada.Refused(
            HttpMethod.Post,
            "/auth/password",
            HttpStatusCode.UnprocessableEntity,
            "idempotency.mismatch",
            Change(Api.Password, "a third long password"));
        await Api.LogInAsync(host, ada.Email, "another long password");
    }

    [Theory, Engines]
    public async Task Missing_or_malformed_credentials_return_401(string engine)
    {
        var host = await Api.HostAsync(engine);
        await new Api(host.Anonymous()).Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.missing");
        foreach (var token in new[] { "x", "a.b.c", "nxs_t_a.b.c", TrustedToken.Mint("u1", ("t_a", "owner")), new string('x', 9000) })
        {
            await new Api(host.Bearer(token)).Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        }

        var ada = await Api.SignUpAsync(host);
        ada.Http.DefaultRequestHeaders.Add("X-API-Key", "nxs_t_a.b.c");
        await ada.Refused(HttpMethod.Get, "/auth/me", HttpStatusCode.Unauthorized, "auth.invalid");
        await RefreshRefused(host, "nxr_unknown");
        await new Api(host.Anonymous()).Refused(HttpMethod.Post, "/auth/redeem", HttpStatusCode.Unauthorized, "auth.invalid");
        await new Api(host.Anonymous()).Refused(HttpMethod.Post, "/auth/setup", HttpStatusCode.Unauthorized, "auth.invalid");
    }

    [Theory, Engines]
    public async Task JWKS_is_public_and_stable(string engine)
    {
        var host = await Api.HostAsync(engine);
        var nobody = new Api(host.Anonymous());
        var first = await nobody.Get("/.well-known/jwks.json");
        first.GetProperty("keys")[0].GetProperty("crv").GetString().ShouldBe("P-256");
        (await nobody.Get("/.well-known/jwks.json")).GetRawText().ShouldBe(first.GetRawText());
    }

    private static JsonObject Change(string current, string wanted) => new() { ["current_password"] = current, ["new_password"] = wanted };

    private static async Task<Api> Refresh(NexusHost host, string token) =>
        Api.As(host, await new Api(host.Anonymous()).Post("/auth/refresh", new JsonObject { ["refresh_token"] = token }));

    private static async Task RefreshRefused(NexusHost host, string token) =>
        await new Api(host.Anonymous()).Refused(
            HttpMethod.Post,
            "/auth/refresh",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            new JsonObject { ["refresh_token"] = token });
}
