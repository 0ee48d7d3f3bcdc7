using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Audit.Events;

/// <summary>
/// Personal data planted in events, headers and URLs must not occur in anything the server stores of an event, sends or prints.
/// </summary>
public sealed class PersonalDataLeakTests
{
    private static readonly string[] _headers =
    [
        "X-Request-Id", "X-Trace-Id", "traceparent", "tracestate", "baggage", "User-Agent", "Referer", "Idempotency-Key", "If-Match",
        "If-None-Match", "Last-Event-ID", "X-Tenant-Id", "X-Env", "X-User-Id", "X-Membership-Role", "Authorization",
        "X-API-Key", "Cookie", "Origin", "Accept", "Accept-Language", "Content-Type", "Content-Language", "Range", "X-Forwarded-For",
        "X-Forwarded-Proto", "Forwarded", "X-Agent-Id", "Host", "X-Anything",
    ];

    /// <summary>VALUE is replaced. The last URLs match no route.</summary>
    private static readonly string[] _urls =
    [
        "/nexus/memory/session/VALUE", "/nexus/cards/VALUE", "/nexus/cards/VALUE/revisions", "/nexus/raw/VALUE", "/nexus/raw/VALUE/content",
        "/nexus/atoms/VALUE", "/nexus/influence-pack/VALUE", "/nexus/influence-pack/VALUE/text",
        "/nexus/runs/VALUE", "/nexus/lineage/card/VALUE", "/nexus/lineage/VALUE/x", "/audit/events/VALUE", "/maybes/items/VALUE",
        "/feature-flags/definitions/VALUE", "/tenants/VALUE/members", "/privacy/erasures/VALUE",
        "/audit/events?asset_id=VALUE&trace_id=VALUE&surface=VALUE", "/audit/events?actor=VALUE", "/audit/events?cursor=VALUE",
        "/audit/events?from=VALUE", "/audit/export?format=VALUE", "/audit/proof/inclusion?seq=VALUE&size=VALUE",
        "/maybes/items?search_text=VALUE&tags_any=VALUE&space=VALUE", "/maybes/items?user_id=VALUE", "/nexus/cards?card_type=VALUE",
        "/nexus/runs?limit=VALUE", "/nexus/settings/apps?tenant_id=VALUE", "/nexus/cards?env=VALUE", "/privacy/train-prefs?user_id=VALUE",
        "/audit/events/stream?VALUE=VALUE", "/healthz?who=VALUE", "/openapi/v1.json?who=VALUE", "/users/VALUE/orders?mail=VALUE#VALUE",
        "/VALUE", "/nexus/VALUE",
    ];

    [Theory, Engines]
    public async Task Planted_personal_data_never_appears_in_stored_or_emitted_output(string engine)
    {
        await using var run = await PlantedRun.StartAsync(engine);
        PlantedValues.All.Distinct().Count().ShouldBe(200);
        PlantedValues.All.ShouldAllBe(value => PlantedValues.In($"({value})").Count > 0);
        await Parallel.ForEachAsync(
            PlantedValues.All.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (planted, _) =>
            {
                await PlantInEventsAsync(run, planted.Item, planted.Index);
                await PlantInHeadersAsync(run, planted.Item, planted.Index);
                await PlantInUrlsAsync(run, planted.Item, planted.Index);
            });
        var everything = await run.CollectOutputAsync();

        // The search has something to search: every event, and a log line per request.
        foreach (var place in new[] { "list", "export", "csv", "stream", "tables" })
        {
            everything[place].Split("event_recorded").Length.ShouldBeGreaterThan(400, place);
            everything[place].Split("[EMAIL]").Length.ShouldBeGreaterThan(100, place);
        }

        everything["printed"].Split("A token was refused").Length.ShouldBeGreaterThan(5);
        foreach (var (place, text) in everything)
        {
            PlantedValues.In(text).ShouldBeEmpty(place);
        }
    }

    /// <summary>Plants the value in an event that is posted alone, and in one line of a batch.</summary>
    private static async Task PlantInEventsAsync(PlantedRun run, string value, int at)
    {
        var json = ((at % 5) switch
        {
            0 => """{"input":{"a":TEXT},"output":{"b":[VALUE,{"c":TEXT}]}}""",
            1 => """{"metadata":{"d":TEXT,VALUE:{"e":VALUE},"origin_ref":{"x":VALUE}}}""",
            2 => """{"surface":VALUE,"utm_source":VALUE,"seo_title":TEXT,"asset_alt_text":TEXT,"analytics_event_type":VALUE}""",
            3 => """{"input":{VALUE:TEXT}}""",
            _ =>
                """{"utm_medium":VALUE,"utm_campaign":TEXT,"utm_term":VALUE,"utm_content":TEXT,"seo_slug":VALUE,"seo_description":TEXT,"analytics_platform":VALUE}""",
        }).Replace("TEXT", JsonSerializer.Serialize($"I am {value}, you see"), StringComparison.Ordinal)
            .Replace("VALUE", JsonSerializer.Serialize(value), StringComparison.Ordinal);
        (await run.Json("POST", "/events", json)).Ok();
        (await run.Send(
            "POST",
            "/events/batch",
            new StringContent(
                $"{{\"input\":{{}}}}\n{json}\n{{\"nobody\":{JsonSerializer.Serialize(value)}}}\n{json[..^1]}\n",
                Encoding.UTF8,
                "application/x-ndjson"))).Status.ShouldBe(
            200);

        // Rejected events leave nothing either.
        (await run.Json(
            "POST",
            "/events",
            $"{{\"seq\":{JsonSerializer.Serialize(value)},\"metadata\":{{\"action\":{JsonSerializer.Serialize(value)}}}}}")).Status.ShouldBe(
            422);
        (await run.Json("POST", "/events", json[..^1])).Status.ShouldBe(400);
    }

    /// <summary>Plants the value in a header of a search request, including headers no client would send.</summary>
    private static async Task PlantInHeadersAsync(PlantedRun run, string value, int at)
    {
        var header = _headers[at % _headers.Length];
        var reply = header == "Host" || at / _headers.Length % 2 == 1
            ? await run.Raw("GET /nexus/cards HTTP/1.1", $"{header}: {value}\r\n")
            : await run.Json(
                "POST",
                "/nexus/search",
                """{"query_text":"agate"}""",
                (header, header == "Authorization" ? "Bearer " + value : value));
        reply.Status.ShouldBeLessThan(500, header);
    }

    /// <summary>Plants the value in URLs that match a route and in URLs that do not, escaped and unescaped.</summary>
    private static async Task PlantInUrlsAsync(PlantedRun run, string value, int at)
    {
        var url = _urls[at % _urls.Length];
        var path = url.Replace("VALUE", Uri.EscapeDataString(value), StringComparison.Ordinal);
        var isStream = url.Contains("stream", StringComparison.Ordinal);
        var method = (at / _urls.Length % 3) switch { _ when isStream => "POST", 0 => "GET", 1 => "DELETE", _ => "PUT" };
        (await (method == "GET" ? run.Send(method, path) : run.Json(method, path, "{}"))).Status.ShouldBeLessThan(500, url);
        (await run.Send("GET", $"/users/{Uri.EscapeDataString(value)}?mail={Uri.EscapeDataString(value)}")).Status.ShouldBe(404);
        if (!isStream)
        {
            (await run.Raw($"GET {url.Replace("VALUE", value, StringComparison.Ordinal)} HTTP/1.1", "")).Status.ShouldBeLessThan(500, url);
        }
    }
}
