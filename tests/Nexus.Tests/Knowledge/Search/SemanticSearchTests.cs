using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Knowledge.Search;

/// <summary>Semantic search through the real server, with an embedding service controlled by the test.</summary>
public sealed class SemanticSearchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Card_is_found_by_meaning_until_changed_or_deleted(string engine)
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync(engine, service);
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        var car = await AddAsync(client, "The automobile stopped.");
        var dog = await AddAsync(client, "A hound barked.");
        var sea = await AddAsync(client, "The ocean is deep.");
        await EmbedAsync(host, tenant);

        var (found, coverage) = await SearchAsync(client, "vehicle", "semantic", topK: 1);
        found.Select(Id).ShouldBe([car]);
        coverage.ShouldBe("3/3");
        found[0].GetProperty("explain").GetProperty("mode").GetString().ShouldBe("semantic");
        found[0].GetProperty("score").GetDouble().ShouldBeGreaterThan(0.9);
        (await SearchAsync(client, "puppy", null, topK: 1)).Found.Select(Id).ShouldBe([dog]);
        (await SearchAsync(client, "water", "semantic", topK: 3, filters: new { card_type = "other" })).Found.ShouldBeEmpty();

        // A search may have woken the worker, which must not embed the new text yet.
        service.Fails = text => text == "A hound and a puppy.";
        await UpdateAsync(client, car, "A hound and a puppy.");
        (found, coverage) = await SearchAsync(client, "vehicle", "semantic");
        found.Select(Id).ShouldNotContain(car);
        coverage.ShouldBe("2/3");
        service.Fails = _ => false;
        await EmbedAsync(host, tenant);
        (found, coverage) = await SearchAsync(client, "puppy", "semantic", topK: 2);
        found.Select(Id).ShouldBe([car, dog], ignoreOrder: true);
        coverage.ShouldBe("3/3");
        (await SearchAsync(client, "puppy", "lexical")).Coverage.ShouldBeNull();

        (await client.DeleteAsync($"/nexus/cards/{sea}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (found, coverage) = await SearchAsync(client, "water", "semantic");
        found.Select(Id).ShouldNotContain(sea);
        coverage.ShouldBe("2/2");
        (await CountRowsAsync(host, tenant)).ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Stored_vectors_survive_restart_and_index_loss(string engine)
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync(engine, service);
        var tenant = NexusHost.NewTenant();
        using (var client = host.Client(tenant, "u_ann", "member"))
        {
            await AddAsync(client, "The automobile stopped.");
        }

        await EmbedAsync(host, tenant);
        await host.StopAsync();
        Directory.Delete(Path.Combine(host.Folder, "search"), recursive: true);
        await host.StartAgainAsync();
        service.Batches.Clear();
        using var again = host.Client(tenant, "u_ann", "member");
        (await SearchAsync(again, "vehicle", "semantic")).Coverage.ShouldBe("1/1");
        service.Batches.ShouldBe([1]);
    }

    [Theory, Engines]
    public async Task Search_falls_back_to_lexical_if_embedding_service_fails(string engine)
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync(engine, service);
        service.FailsWith = 500;
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        var car = await AddAsync(client, "The automobile stopped.");
        foreach (var mode in (string?[])[null, "semantic", "hybrid"])
        {
            var (found, coverage) = await SearchAsync(client, "automobile", mode);
            found.Select(Id).ShouldBe([car]);
            coverage.ShouldBe("0/1");
            var explain = found[0].GetProperty("explain");
            explain.GetProperty("mode").GetString().ShouldBe("lexical");
            explain.GetProperty("degraded").GetString().ShouldBe("embedder_unavailable");
        }
    }

    [Fact]
    public async Task Text_rejected_by_model_does_not_block_others()
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync("sqlite", service);
        service.Refuses = text => text.Contains("unspeakable", StringComparison.Ordinal);
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        for (var i = 0; i < 70; i++)
        {
            await AddAsync(client, i == 40 ? "unspeakable" : $"The ocean number {i}.");
        }

        await EmbedAsync(host, tenant);
        (await SearchAsync(client, "water", "semantic")).Coverage.ShouldBe("69/70");
    }

    [Fact]
    public async Task Text_the_service_fails_on_is_skipped_if_others_succeed()
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync("sqlite", service);
        service.Fails = text => text.Contains("unspeakable", StringComparison.Ordinal);
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        for (var i = 0; i < 10; i++)
        {
            await AddAsync(client, i == 4 ? "unspeakable" : $"The ocean number {i}.");
        }

        await Should.ThrowAsync<EmbeddingException>(() => EmbedAsync(host, tenant));
        await EmbedAsync(host, tenant, isSuspicious: true);
        (await SearchAsync(client, "water", "semantic")).Coverage.ShouldBe("9/10");
    }

    [Fact]
    public async Task No_text_is_skipped_while_service_fails_on_everything()
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync("sqlite", service);
        service.FailsWith = 500;
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        await AddAsync(client, "The ocean.");
        await Should.ThrowAsync<EmbeddingException>(() => EmbedAsync(host, tenant, isSuspicious: true));
        service.FailsWith = null;
        await EmbedAsync(host, tenant);
        (await SearchAsync(client, "water", "semantic")).Coverage.ShouldBe("1/1");
    }

    [Theory, Engines]
    public async Task Cards_are_embedded_in_background_and_after_restart(string engine)
    {
        await using var service = await EmbeddingServer.StartAsync();
        var (first, second, again) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        service.Fails = text =>
        {
            (text.Contains("held", StringComparison.Ordinal) ? first : second).TrySetResult();
            return text.Contains("held", StringComparison.Ordinal);
        };
        await using var host = await StartAsync(engine, service);
        var (held, free) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        using (var client = host.Client(held, "u_ann", "member"))
        {
            await AddAsync(client, "held");
        }

        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        using (var client = host.Client(free, "u_bob", "member"))
        {
            // A paused tenant does not delay another one.
            await AddAsync(client, "free");
        }

        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await host.StopAsync();
        service.Fails = text =>
        {
            again.TrySetResult();
            return false;
        };
        await host.StartAgainAsync();
        await again.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Semantic_search_finds_nothing_of_other_tenant()
    {
        await using var service = await EmbeddingServer.StartAsync();
        await using var host = await StartAsync("sqlite", service);
        var (mine, theirs) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        using var client = host.Client(mine, "u_ann", "member");
        using var stranger = host.Client(theirs, "u_bob", "member");
        await AddAsync(client, "The automobile stopped.");
        await EmbedAsync(host, mine);
        await EmbedAsync(host, theirs);
        (await SearchAsync(stranger, "vehicle", "semantic")).Found.ShouldBeEmpty();
        (await SearchAsync(stranger, "automobile", "hybrid")).Found.ShouldBeEmpty();
    }

    private static string Id(JsonElement result) => result.GetProperty("id").GetString()!;

    private static Task<NexusHost> StartAsync(string engine, EmbeddingServer service) =>
        NexusHost.StartAsync(engine, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Nexus:Embeddings:Url"] = service.Url.ToString(),
            ["Nexus:Embeddings:Model"] = "words",
        });

    private static async Task EmbedAsync(NexusHost host, string tenant, bool isSuspicious = false)
    {
        var cards = host.Services.GetRequiredService<CardEmbedder>();
        while (await cards.EmbedBatchAsync(new Scope(tenant, "prod"), isSuspicious, Cancellation))
        {
        }
    }

    private static async Task<long> CountRowsAsync(NexusHost host, string tenant) =>
        await host.Services.GetRequiredService<Database>().ReadAsync(
            new Scope(tenant, "prod"),
            session => session.FirstOrDefaultAsync<long>("select count(*) from card_embeddings where tenant_id = @tenant", new { tenant }),
            Cancellation);

    private static async Task<string> AddAsync(HttpClient client, string body)
    {
        using var response = await client.PostAsync("/nexus/cards", Text(body), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("card_id").GetString()!;
    }

    private static async Task UpdateAsync(HttpClient client, string cardId, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/nexus/cards/{cardId}") { Content = Text(body) };
        using (var before = await client.GetAsync($"/nexus/cards/{cardId}", Cancellation))
        {
            request.Headers.IfMatch.Add(before.Headers.ETag!);
        }

        using var response = await client.SendAsync(request, Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static StringContent Text(string body) => new($"card_type: note\n---\n{body}", Encoding.UTF8, "text/markdown");

    private static async Task<(IReadOnlyList<JsonElement> Found, string? Coverage)> SearchAsync(
        HttpClient client, string text, string? mode, int topK = 10, object? filters = null)
    {
        using var response = await client.PostAsJsonAsync(
            "/nexus/search",
            new { query_text = text, mode, top_k = topK, filters, explain = true },
            Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        var found = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return ([.. found.EnumerateArray()], response.Headers.TryGetValues("Nexus-Embedded", out var coverage) ? coverage.Single() : null);
    }
}
