using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;
using Nexus.Tests.Identity;



namespace Nexus.Tests.Privacy;

/// <summary>
/// The account is erased if the tenant created it or the person requested the erasure, and kept while the person is in another
/// tenant.
/// </summary>
public sealed class ErasedAccountTests
{
    [Theory, Engines]
    public async Task Account_created_by_invitation_is_erased_with_its_sign_ins(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, Api.Open);
        var ada = await Api.SignUpAsync(host);
        const string Email = "quillfeather@example.com";
        var bob = await InvitedAsync(host, ada, Email);
        await Api.LogInAsync(host, Email);
        await bob.Get("/auth/me");
        if (engine == "postgres")
        {
            // Only nodes that share a store persist the counters.
            (await CountersAsync(host, bob.UserId)).ShouldBeGreaterThan(0);
        }

        (await Erasures.LeftOf(host, "quillfeather")).ShouldNotBeEmpty();

        var done = await ErasedAsync(ada, bob.UserId);
        done["counts"]!["account"]!.GetValue<long>().ShouldBe(1);
        done["erased_seqs"]!["t_system"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await Erasures.LeftOf(host, "quillfeather")).ShouldBeEmpty();
        (await CountersAsync(host, bob.UserId)).ShouldBe(0);
        await bob.Refused(HttpMethod.Get, "/nexus/cards", HttpStatusCode.Unauthorized, "auth.invalid");
        await new Api(host.Anonymous()).Refused(
            HttpMethod.Post,
            "/auth/login",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            new JsonObject { ["email"] = Email, ["password"] = Api.Password });
        (await InvitedAsync(host, ada, Email)).UserId.ShouldNotBe(bob.UserId);
    }

    [Theory, Engines]
    public async Task Account_is_kept_if_in_other_tenant_or_not_created_by_invitation(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var elsewhere = await Api.SignUpAsync(host);
        var bob = await InvitedAsync(host, ada, Api.NewEmail());
        await elsewhere.Post($"/tenants/{elsewhere.TenantId}/members", new JsonObject { ["email"] = bob.Email, ["role"] = "member" });
        await bob.Post("/privacy/erasures", new JsonObject { ["user_id"] = bob.UserId });
        (await EndedAsync(ada))["counts"]!.AsObject().ContainsKey("account").ShouldBeFalse();
        var again = (await Api.LogInAsync(host, bob.Email)).In(elsewhere.TenantId!);
        await again.Get("/nexus/cards");

        // A user who signed up keeps the account, even if an admin of a tenant that added them requests the erasure.
        var carol = await Api.SignUpAsync(host);
        await ada.Post($"/tenants/{ada.TenantId}/members", new JsonObject { ["email"] = carol.Email, ["role"] = "member" });
        (await ErasedAsync(ada, carol.UserId))["counts"]!.AsObject().ContainsKey("account").ShouldBeFalse();
        await Api.LogInAsync(host, carol.Email);
        var dan = Api.As(
            host,
            await new Api(host.Anonymous()).Post(
                "/auth/signup",
                new JsonObject { ["email"] = Api.NewEmail(), ["password"] = Api.Password }));
        await ada.Post($"/tenants/{ada.TenantId}/members", new JsonObject { ["email"] = dan.Email, ["role"] = "member" });
        var erased = await ErasedAsync(ada, dan.UserId);
        erased["counts"]!.AsObject().ContainsKey("account").ShouldBeFalse();
        erased["requested_by"]!.GetValue<string>().ShouldBe(ada.UserId);
        await Api.LogInAsync(host, dan.Email);
    }

    [Theory, Engines]
    public async Task Only_person_gets_account_events_in_export(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var bob = await InvitedAsync(host, ada, Api.NewEmail());
        (await SubjectExportTests.NamesAsync(bob.Http, "/privacy/subject-export")).ShouldBe(
            ["identity.ndjson", "events/prod.ndjson", "events/t_system.ndjson"]);
        (await SubjectExportTests.NamesAsync(ada.Http, $"/privacy/subject-export?user_id={bob.UserId}")).ShouldBe(
            ["identity.ndjson", "events/prod.ndjson"]);
    }

    /// <summary>Returns the number of counters of tenant-less routes for a user.</summary>
    private static async Task<long> CountersAsync(NexusHost host, string user) =>
        await host.Services.GetRequiredService<Database>().ReadAsync(
            new Scope(Scope.SystemTenantId, "prod"),
            session => session.FirstOrDefaultAsync<long>("select count(*) from allowances where caller = @user", new { user }),
            TestContext.Current.CancellationToken);

    private static async Task<Api> InvitedAsync(NexusHost host, Api owner, string email)
    {
        var invited = await owner.Post($"/tenants/{owner.TenantId}/members", new JsonObject { ["email"] = email, ["role"] = "member" });
        var token = invited.GetProperty("invitation").GetProperty("token").GetString();
        return Api.As(
            host,
            await new Api(host.Anonymous()).Post("/auth/redeem", new JsonObject { ["token"] = token, ["password"] = Api.Password }));
    }

    private static async Task<JsonNode> ErasedAsync(Api admin, string user)
    {
        await admin.Post("/privacy/erasures", new JsonObject { ["user_id"] = user });
        return await EndedAsync(admin);
    }

    /// <summary>Waits for the newest erasure to end.</summary>
    private static async Task<JsonNode> EndedAsync(Api admin)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(120));
        while (true)
        {
            var newest = JsonNode.Parse((await admin.Get("/privacy/erasures")).GetProperty("items")[0].GetRawText())!;
            if (newest["state"]!.GetValue<string>() == "done")
            {
                return newest;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}
