using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Nexus.Client;

namespace Nexus.Tests.Cli;

public sealed class NexusClientTests : IDisposable
{
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unknown_response_fields_are_ignored()
    {
        await using var server = await StubServer.StartAsync(app => app.MapGet("/auth/me", () => Results.Text(
            """{"user":{"user_id":"u","nickname":"n"},"memberships":[],"actor_type":"human","mood":{"good":true}}""", "application/json")));
        (await Client(server).GetMeAsync(Cancellation)).User.UserId.ShouldBe("u");
    }

    [Fact]
    public async Task Problem_response_throws_with_code_detail_and_request_id()
    {
        await using var server = await StubServer.StartAsync(app => app.MapGet("/auth/me", (HttpResponse response) =>
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
    public async Task Proxy_error_page_throws_with_own_request_id()
    {
        string? sent = null;
        await using var server = await StubServer.StartAsync(app => app.MapGet("/auth/me", (HttpRequest request) =>
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
    public async Task Malformed_response_throws_answer_unreadable(string answer)
    {
        await using var server = await StubServer.StartAsync(app => app.MapGet("/auth/me", () => Results.Text(answer, "application/json")));
        var refusal = await Should.ThrowAsync<NexusApiException>(() => Client(server).GetMeAsync(Cancellation));
        refusal.Code.ShouldBe("client.answer_unreadable");
    }

    [Fact]
    public async Task Each_mutation_has_own_idempotency_key_and_reads_have_none()
    {
        var keys = new List<string?>();
        await using var server = await StubServer.StartAsync(app =>
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
    public async Task Ids_are_escaped_and_path_prefix_is_kept()
    {
        await using var server = await StubServer.StartAsync(app => app.MapGet(
            "/{**path}", (HttpRequest request) => Results.Text(
                $$"""{"code":"seen","detail":"{{request.Path}}{{request.QueryString}}"}""", "application/problem+json", statusCode: 404)));
        var client = new NexusClient(_http, new NexusClientOptions { Server = new Uri(server.Address, "prefix") });
        var refusal = await Should.ThrowAsync<NexusApiException>(() => client.GetCardAsync("a/../b?c", Cancellation));
        refusal.Detail.ShouldBe("/prefix/nexus/cards/a%2F..%2Fb%3Fc");
    }

    [Fact]
    public async Task List_follows_cursor_until_last_page()
    {
        var asked = new List<string?>();
        await using var server = await StubServer.StartAsync(app => app.MapGet("/tenants", (HttpRequest request) =>
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

    private NexusClient Client(StubServer server) => new(_http, new NexusClientOptions { Server = server.Address });
}
