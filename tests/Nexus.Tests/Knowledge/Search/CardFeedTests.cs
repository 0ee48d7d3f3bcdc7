using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Knowledge.Search;

/// <summary>How an index follows the store: in bounded pages, and only the log it started with.</summary>
public sealed class CardFeedTests
{
    private static readonly IndexPosition _start = new(-1, [], IsVerified: false);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Page_size_is_limited_by_text_length(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        for (var i = 0; i < 12; i++)
        {
            await AddAsync(client, $"\ud83d\ude00 number{i} " + new string('x', 900_000));
        }

        var feed = host.Services.GetRequiredService<CardChangeFeed>().For(new Scope(tenant, "prod"));
        var first = (await feed(_start, Cancellation))!;
        (first.Changes.Count, first.HasMore).ShouldBe((9, true));
        first.Changes[0].BodyText.ToString().ShouldStartWith("\ud83d\ude00 number0 xxx");
        first.Seq.ShouldBe(first.Changes[^1].Seq);
        var rest = (await feed(new IndexPosition(first.Seq, first.LeafHash, true), Cancellation))!;
        (rest.Changes.Count, rest.HasMore).ShouldBe((3, false));
        (await feed(new IndexPosition(rest.Seq, rest.LeafHash, false), Cancellation))!.Changes.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Feed_returns_null_if_index_followed_another_log(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var client = host.Client(tenant, "u_ann", "member");
        await AddAsync(client, "granite");
        var feed = host.Services.GetRequiredService<CardChangeFeed>().For(new Scope(tenant, "prod"));
        var page = (await feed(_start, Cancellation))!;
        (await feed(new IndexPosition(page.Seq, [1, 2, 3], IsVerified: false), Cancellation)).ShouldBeNull();
        (await feed(new IndexPosition(page.Seq + 100, page.LeafHash, IsVerified: false), Cancellation)).ShouldBeNull();
        await AddAsync(client, "marble");
        (await feed(new IndexPosition(page.Seq, [1, 2, 3], IsVerified: true), Cancellation)).ShouldBeNull();
        (await feed(new IndexPosition(page.Seq, page.LeafHash, IsVerified: true), Cancellation))!.Changes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Search_matches_restored_database()
    {
        await using var host = await NexusHost.StartAsync("sqlite");
        var tenant = NexusHost.NewTenant();
        using (var client = host.Client(tenant, "u_ann", "member"))
        {
            await AddAsync(client, "granite");
        }

        await host.StopAsync();
        File.Copy(Path.Combine(host.Folder, "nexus.db"), Path.Combine(host.Folder, "backup"));
        await host.StartAgainAsync();
        using (var client = host.Client(tenant, "u_ann", "member"))
        {
            await AddAsync(client, "marble");
            await AddAsync(client, "sandstone");
            (await SearchAsync(client, "marble")).ShouldContain("marble");
        }

        await host.StopAsync();
        File.Move(Path.Combine(host.Folder, "backup"), Path.Combine(host.Folder, "nexus.db"), overwrite: true);
        foreach (var suffix in (string[])["-wal", "-shm"])
        {
            File.Delete(Path.Combine(host.Folder, "nexus.db" + suffix));
        }

        await host.StartAgainAsync();
        using var restored = host.Client(tenant, "u_ann", "member");
        await AddAsync(restored, "basalt");
        await AddAsync(restored, "obsidian");
        await AddAsync(restored, "gneiss");
        foreach (var word in (string[])["marble", "sandstone"])
        {
            (await SearchAsync(restored, word)).ShouldBe("[]");
        }

        foreach (var word in (string[])["granite", "basalt", "obsidian", "gneiss"])
        {
            (await SearchAsync(restored, word)).ShouldContain(word);
        }
    }

    private static async Task AddAsync(HttpClient client, string body)
    {
        using var content = new StringContent($"card_type: note\nabout: \"\ud83d\ude00\"\n---\n{body}", Encoding.UTF8, "text/markdown");
        using var response = await client.PostAsync("/nexus/cards", content, Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static async Task<string> SearchAsync(HttpClient client, string text)
    {
        using var content = new StringContent($$"""{"query_text":"{{text}}"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/nexus/search", content, Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
