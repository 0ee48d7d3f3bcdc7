using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Client;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Setup;

namespace Nexus.Tests.Identity;

/// <summary>How a new service gets its first owner.</summary>
public sealed class InitialSetupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Setup_link_creates_first_owner_once(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var link = (await Start(host))!;
        var late = (await Start(host))!;
        link.Url.ShouldBe($"http://nexus.example/setup#setup={link.Token}");
        var nobody = new Api(host.Anonymous());
        await nobody.Refused(HttpMethod.Post, "/auth/setup", HttpStatusCode.UnprocessableEntity, "body.invalid", Setup(link, "short"));
        await nobody.Refused(
            HttpMethod.Post,
            "/auth/setup",
            HttpStatusCode.Unauthorized,
            "auth.invalid",
            Setup(link with { Token = "nxl_x" }));

        var ada = Api.As(host, await nobody.Post("/auth/setup", Setup(link)));

        ada.TenantId.ShouldBe("t_first");
        (await ada.Get("/auth/me")).GetProperty("memberships")
            .EnumerateArray()
            .Select(m => $"{m.GetProperty("tenant_id")} {m.GetProperty("role")}")
            .ShouldBe(["t_first owner", "t_system owner"]);
        (await ada.In("t_system").Events(3)).ShouldBe(["setup_completed", "setup_link_created", "setup_link_created"]);
        await nobody.Refused(HttpMethod.Post, "/auth/setup", HttpStatusCode.Unauthorized, "auth.invalid", Setup(link));
        await nobody.Refused(HttpMethod.Post, "/auth/setup", HttpStatusCode.Unauthorized, "auth.invalid", Setup(late));
        (await Start(host)).ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Settings_create_first_owner_without_link(string engine)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Nexus:Init:Email"] = "ops@example.com",
            ["Nexus:Init:Password"] = Api.Password,
            ["Nexus:Init:Tenant"] = "t_ops",
        };
        await using var host = await NexusHost.StartAsync(engine, settings);
        (await Start(host)).ShouldBeNull();
        (await Start(host)).ShouldBeNull();
        await host.StartAgainAsync();
        (await Start(host)).ShouldBeNull();

        var ops = await Api.LogInAsync(host, "ops@example.com");

        ops.TenantId.ShouldBe("t_ops");
        (await ops.In("t_system").Events(9)).ShouldBe(["session_started", "setup_completed"]);
    }

    [Fact]
    public async Task Setup_page_loads_no_external_resources()
    {
        var host = await NexusHost.SharedAsync("sqlite");
        using var http = host.Anonymous();
        using var answer = await http.GetAsync("/setup", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
    }

    [Theory, Engines]
    public async Task Operator_can_create_reset_link_for_any_user(string engine)
    {
        var host = await Api.HostAsync(engine);
        var ada = await Api.SignUpAsync(host);
        var links = host.Services.GetRequiredService<PasswordResetLinks>();
        (await links.CreateAsync(Api.NewEmail(), "http://nexus.example", Cancellation)).ShouldBeNull();
        var link = (await links.CreateAsync(ada.Email, "http://nexus.example", Cancellation))!;
        await new Api(host.Anonymous()).Post(
            "/auth/redeem",
            new JsonObject { ["token"] = link.Token, ["password"] = "another long password" });
        await Api.LogInAsync(host, ada.Email, "another long password");
    }

    private static Task<OneTimeLink?> Start(NexusHost host) =>
        host.Services.GetRequiredService<InitialSetup>().CreateLinkAsync("http://nexus.example/", Cancellation);

    private static JsonObject Setup(OneTimeLink link, string password = Api.Password) =>
        new() { ["token"] = link.Token, ["email"] = "Ada@example.com", ["password"] = password, ["tenant_id"] = "t_first" };
}
