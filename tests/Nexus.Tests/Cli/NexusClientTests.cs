using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Nexus.Client;
using Shouldly;
using Xunit;

namespace Nexus.Tests.Cli;

public sealed class NexusClientTests : IDisposable
{
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_of_a_later_version_are_passed_over()
    {
        await using var server = await WireServer.StartAsync(app => app.MapGet("/auth/me", () => Results.Text(
            """{"user":{"user_id":"u","nickname":"n"},"memberships":[],"actor_type":"human","mood":{"good":true}}""", "application/json")));
        (await Client(server).GetMeAsync(Cancellation)).User.UserId.ShouldBe("u");
    }

    [Fact]
    public async Task A_refusal_carries_code_sentence_and_request_id()
    {
        await using var server = await WireServer.StartAsync(app => app.MapGet("/auth/me", (HttpResponse response) =>
        {
            response.Headers.RetryAfter = "7";
            return Results.Text(
                """{"status":429,"code":"rate_limit.exceeded","detail":"Too many.","request_id":"r-1","gate":"rate_limit"}""",
                "application/problem+json",
                statusCode: 429);
        }));
        var refusal = await Should.ThrowAsync<NexusApiException>(() => Client(server).GetMeAsync(Cancellation));
        (refusal.Status, refusal.Code, refusal.Detail, refusal.RequestId, refusal.RetryAfter)
            .ShouldBe((429, "rate_limit.exceeded", "Too many.", "r-1", TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public async Task A_proxy_s_error_page_is_a_refusal_with_the_request_s_own_id()
    {
        string? sent = null;
        await using var server = await WireServer.StartAsync(app => app.MapGet("/auth/me", (HttpRequest request) =>
        {
            sent = request.Headers["X-Request-Id"];
            return Results.Text("<html>Bad gateway</html>", "text/html", statusCode: 502);
        }));
        var refusal = await Should.ThrowAsync<NexusApiException>(() => Client(server).GetMeAsync(Cancellation));
        refusal.Code.ShouldBe("client.http_502");
        refusal.RequestId.ShouldBe(sent);
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"user":null,"memberships":[],"actor_type":"human"}""")]
    public async Task An_answer_that_is_not_of_the_contract_is_said_to_be_unreadable(string answer)
    {
        await using var server = await WireServer.StartAsync(app => app.MapGet("/auth/me", () => Results.Text(answer, "application/json")));
        var refusal = await Should.ThrowAsync<NexusApiException>(() => Client(server).GetMeAsync(Cancellation));
        refusal.Code.ShouldBe("client.answer_unreadable");
    }

    [Fact]
    public async Task Each_mutation_has_an_idempotency_key_of_its_own_and_reads_have_none()
    {
        var keys = new List<string?>();
        await using var server = await WireServer.StartAsync(app =>
        {
            app.MapDelete("/nexus/cards/{id}", (HttpRequest request) => keys.Add(request.Headers["Idempotency-Key"]));
            app.MapGet("/nexus/cards/{id}", (HttpRequest request) =>
            {
                keys.Add(request.Headers["Idempotency-Key"]);
                return Results.NotFound();
            });
        });
        var client = Client(server);
        await client.DeleteCardAsync("a", cancellationToken: Cancellation);
        await client.DeleteCardAsync("a", cancellationToken: Cancellation);
        await Should.ThrowAsync<NexusApiException>(() => client.GetCardAsync("a", Cancellation));
        keys[0].ShouldNotBeNullOrEmpty();
        keys[1].ShouldNotBeNullOrEmpty();
        keys[1].ShouldNotBe(keys[0]);
        keys[2].ShouldBeNull();
    }

    [Fact]
    public async Task Ids_and_a_path_prefix_are_kept_apart()
    {
        await using var server = await WireServer.StartAsync(app => app.MapGet(
            "/{**path}", (HttpRequest request) => Results.Text(
                $$"""{"code":"seen","detail":"{{request.Path}}{{request.QueryString}}"}""", "application/problem+json", statusCode: 404)));
        var client = new NexusClient(_http, new NexusClientOptions { Server = new Uri(server.Address, "prefix") });
        var refusal = await Should.ThrowAsync<NexusApiException>(() => client.GetCardAsync("a/../b?c", Cancellation));
        refusal.Detail.ShouldBe("/prefix/nexus/cards/a%2F..%2Fb%3Fc");
    }

    [Fact]
    public async Task Pages_are_read_until_the_last_one()
    {
        var asked = new List<string?>();
        await using var server = await WireServer.StartAsync(app => app.MapGet("/tenants", (HttpRequest request) =>
        {
            asked.Add(request.QueryString.Value);
            return Results.Text(
                asked.Count == 1
                    ? """{"items":[{"tenant_id":"t_a","name":"A","status":"active"}],"next_cursor":"a+b"}"""
                    : """{"items":[{"tenant_id":"t_b","name":"B","status":"active"}],"next_cursor":null}""",
                "application/json");
        }));
        var tenants = await Client(server).ListTenantsAsync(Cancellation).Select(tenant => tenant.TenantId).ToListAsync(Cancellation);
        tenants.ShouldBe(["t_a", "t_b"]);
        asked.ShouldBe(["", "?cursor=a%2Bb"]);
    }

    public void Dispose() => _http.Dispose();

    private NexusClient Client(WireServer server) => new(_http, new NexusClientOptions { Server = server.Address });
}
