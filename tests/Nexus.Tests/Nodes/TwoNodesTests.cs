using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Nodes;

/// <summary>Two servers on one PostgreSQL act as one service.</summary>
public sealed class TwoNodesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Card_is_found_on_other_node_right_after_post_under_load()
    {
        await using var first = await NexusHost.StartAsync("postgres", _unlimited);
        await using var second = await first.StartSecondNodeAsync();
        var tenant = NexusHost.NewTenant();
        using var writer = first.Client(tenant, "u_writer", "member");
        using var searcher = second.Client(tenant, "u_searcher", "member");
        using var done = new CancellationTokenSource();
        // Batches on both nodes keep transactions of this tenant open the whole time.
        Task[] busy =
        [
            KeepWritingAsync(first.Client(tenant, "u_busy", "member"), done.Token),
            KeepWritingAsync(second.Client(tenant, "u_busy", "member"), done.Token),
        ];
        for (var number = 0; number < 25; number++)
        {
            var word = "found" + NexusHost.NewTenant()[2..];
            using var posted = await PostAsync(
                writer,
                "/nexus/cards",
                $"card_type: note\ntitle: {word}\n---\nRead me on the other node.\n",
                "text/plain");
            var id = posted.RootElement.GetProperty("card_id").GetString();
            using var found = await PostAsync(searcher, "/nexus/search", $$"""{"query_text":"{{word}}"}""", "application/json");
            found.RootElement.EnumerateArray().Select(result => result.GetProperty("id").GetString()).ShouldBe([id]);
        }

        busy.ShouldAllBe(task => !task.IsCompleted);
        await done.CancelAsync();
        await Task.WhenAll(busy);
    }

    [Fact]
    public async Task Writes_from_both_nodes_form_one_gapless_log()
    {
        await using var first = await NexusHost.StartAsync("postgres", _unlimited);
        await using var second = await first.StartSecondNodeAsync();
        var tenant = NexusHost.NewTenant();
        using var one = first.Client(tenant, "u_one", "member");
        using var two = second.Client(tenant, "u_two", "member");
        const int Writers = 16;
        const int Each = 10;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var number = 0; number < Each; number++)
            {
                using var posted = await PostAsync(
                    writer % 2 == 0 ? one : two,
                    "/nexus/cards",
                    $"card_type: note\n---\n{writer} wrote {number}\n",
                    "text/plain");
            }
        }));

        using var auditor = second.Client(tenant, "u_auditor", "admin");
        var seqs = new List<long>();
        string? cursor = "";
        while (cursor is not null)
        {
            using var page = JsonDocument.Parse(
                await auditor.GetStringAsync(
                    new Uri($"/audit/events?event_type=card_created&limit=100{cursor}", UriKind.Relative),
                    Cancelled));
            seqs.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("seq").GetInt64()));
            cursor = page.RootElement.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + Uri.EscapeDataString(next) : null;
        }

        seqs.ShouldBe(Enumerable.Range(0, Writers * Each).Select(seq => (long)seq).Reverse());
    }

    private static readonly Dictionary<string, string?> _unlimited = new(StringComparer.Ordinal) { ["Nexus:RateLimits:Limit"] = "1000000" };

    private static async Task KeepWritingAsync(HttpClient client, CancellationToken done)
    {
        using (client)
        {
            var lines = string.Concat(
                Enumerable.Range(0, 50).Select(number => $$"""{"text":"card_type: noise\n---\nNoise number {{number}}.\n"}""" + "\n"));
            while (!done.IsCancellationRequested)
            {
                using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
                using var answer = await client.PostAsync(new Uri("/nexus/cards/batch", UriKind.Relative), body, Cancelled);
                answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancelled));
            }
        }
    }

    private static async Task<JsonDocument> PostAsync(HttpClient client, string path, string text, string contentType)
    {
        using var body = new StringContent(text, Encoding.UTF8, contentType);
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), body, Cancelled);
        var said = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(said);
        return JsonDocument.Parse(said);
    }
}
