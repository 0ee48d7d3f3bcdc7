using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Nexus.Testing.Crash;

namespace Nexus.Tests.Crash;

/// <summary>Verifies the crash test itself: it detects a server that lost, duplicated or skipped something.</summary>
public sealed class CrashLedgerTests
{
    private static readonly (long, string)[] _whole = [(0, "a"), (1, "b")];

    [Fact]
    public async Task Intact_server_passes() =>
        (await CheckAsync(_whole, kept: ["a", "b"])).ShouldBeEmpty();

    [Fact]
    public async Task Lost_card_is_detected() =>
        (await CheckAsync(_whole, kept: ["a"])).ShouldBe(["card b is answered 404, acknowledged: True"]);

    [Fact]
    public async Task Lost_event_is_detected() =>
        (await CheckAsync([(0, "a")], kept: ["a", "b"]))
            .ShouldBe(["acknowledged card b has 0 card_created events", "card b is there, and no event tells of it"], ignoreOrder: true);

    [Fact]
    public async Task Duplicate_event_is_detected() =>
        (await CheckAsync([.. _whole, (2, "b")], kept: ["a", "b"])).ShouldBe(["acknowledged card b has 2 card_created events"]);

    [Fact]
    public async Task Sequence_gap_is_detected() =>
        (await CheckAsync([(0, "a"), (2, "b")], kept: ["a", "b"])).ShouldBe(["seq 2 stands where 1 should"]);

    [Fact]
    public async Task Event_without_card_is_detected() =>
        (await CheckAsync([.. _whole, (2, "c")], kept: ["a", "b"])).ShouldBe(["card c is answered 404, acknowledged: False"]);

    [Fact]
    public async Task Card_without_event_is_detected() =>
        (await CheckAsync(_whole, kept: ["a", "b", "c"])).ShouldBe(["card c is there, and no event tells of it"]);

    [Fact]
    public async Task Changed_text_is_detected() =>
        (await CheckAsync(_whole, kept: ["a", "b"], text: "another")).Count.ShouldBe(2);

    [Fact]
    public async Task Second_check_resumes_where_first_ended()
    {
        List<(long, string)> events = [.. _whole];
        await using var server = await ServeAsync(events, ["a", "b", "c"], "text");
        using var client = new HttpClient();
        var ledger = Acknowledged(client);
        var address = new Uri(server.Urls.Single());
        (await ledger.CheckAsync(address, everything: false, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        events.Add((3, "c"));
        (await ledger.CheckAsync(address, everything: false, TestContext.Current.CancellationToken)).ShouldBe(
            ["seq 3 stands where 2 should"]);
    }

    /// <summary>Checks a server with these events and cards, which acknowledged the cards a and b.</summary>
    private static async Task<IReadOnlyCollection<string>> CheckAsync(
        IReadOnlyList<(long, string)> events, string[] kept, string text = "text")
    {
        await using var server = await ServeAsync(events, kept, text);
        using var client = new HttpClient();
        return await Acknowledged(client)
            .CheckAsync(new Uri(server.Urls.Single()), everything: true, TestContext.Current.CancellationToken);
    }

    private static CrashLedger Acknowledged(HttpClient client)
    {
        var ledger = new CrashLedger(client);
        ledger.Acknowledge("""{"card_id":"a"}""", "text");
        ledger.Acknowledge("""{"card_id":"b"}""", "text");
        return ledger;
    }

    /// <summary>Serves the three routes that the ledger reads, with one event or card per page so that paging is covered.</summary>
    private static async Task<WebApplication> ServeAsync(IReadOnlyList<(long Seq, string Card)> events, string[] kept, string text)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/audit/events", (int? cursor) =>
        {
            var at = events.Count - 1 - (cursor ?? 0);
            var item = new JsonObject
            {
                ["seq"] = events[at].Seq,
                ["metadata"] = new JsonObject { ["event_type"] = "card_created", ["asset_id"] = events[at].Card },
            };
            return Results.Text(
                new JsonObject
                {
                    ["items"] = new JsonArray(item),
                    ["next_cursor"] = at > 0 ? $"{(cursor ?? 0) + 1}" : null,
                }.ToJsonString());
        });
        app.MapGet("/nexus/cards", (int? cursor) =>
        {
            var at = cursor ?? 0;
            var item = new JsonObject { ["card_id"] = kept[at] };
            return Results.Text(
                new JsonObject
                {
                    ["items"] = new JsonArray(item),
                    ["next_cursor"] = at + 1 < kept.Length ? $"{at + 1}" : null,
                }.ToJsonString());
        });
        app.MapGet("/nexus/cards/{id}", (string id) =>
            kept.Contains(id, StringComparer.Ordinal)
                ? Results.Text(new JsonObject { ["full_text"] = text }.ToJsonString())
                : Results.NotFound());
        await app.StartAsync();
        return app;
    }
}
