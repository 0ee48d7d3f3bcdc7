using System.Text;
using System.Text.Json;
using Nexus.Tests.Identity;

namespace Nexus.Tests.FeatureFlags;

/// <summary><c>/ofrep/v1</c> as seen by any client of the protocol.</summary>
public sealed class OfrepTests
{
    private const string All = "/ofrep/v1/evaluate/flags";
    private const string Beta =
        """{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"==":[{"var":"plan"},"pro"]},"on",null]},"metadata":{"team":"a"}}""";

    [Theory, Engines]
    public async Task Single_flag_evaluation_follows_OFREP(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        using var viewer = admin.Colleague("viewer");
        (await admin.Json("PUT", "/feature-flags/definitions/beta", Beta)).Ok();
        (await viewer.Json("POST", All + "/beta", """{"context":{"targetingKey":"u","plan":"pro"}}""")).Ok().GetRawText()
            .ShouldBe(
                """{"key":"beta","reason":"TARGETING_MATCH","value":true,"variant":"on","metadata":{"team":"a","layer":"tenant","version":1,"logSize":1}}""");
        (await viewer.Send("POST", All + "/beta")).Ok().GetProperty("reason").GetString().ShouldBe("DEFAULT");
        Failure(await viewer.Json("POST", All + "/nobody", "{}"), 404).ShouldBe("nobody FLAG_NOT_FOUND");
        Failure(await viewer.Json("POST", All + "/beta", """{"context":7}"""), 400).ShouldBe("beta INVALID_CONTEXT");
        Failure(await viewer.Json("POST", All + "/beta", "{"), 400).ShouldBe("beta PARSE_ERROR");
        Failure(await viewer.Json("POST", All + "/beta", "[]"), 400).ShouldBe("beta PARSE_ERROR");
        (await viewer.Json("POST", All + "/beta", "{}", ("Authorization", null))).Refused(401, "auth.missing");
        (await viewer.Json("POST", All + "/beta", """{"context":{"tenant_id":"t_other"}}""")).Ok();
        (await admin.Json(
            "PUT",
            "/feature-flags/definitions/beta",
            """{"state":"DISABLED","variants":{"on":true},"defaultVariant":"on"}""")).Ok();
        var off = (await viewer.Json("POST", All + "/beta", "{}")).Ok();
        (off.GetProperty("reason").GetString(), off.TryGetProperty("value", out _)).ShouldBe(("DISABLED", false));
    }

    [Theory, Engines]
    public async Task Bulk_evaluation_ETag_changes_with_either_layer_or_context(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var system = Caller.Create(host, "admin", "t_system");
        using var admin = Caller.Create(host, "admin");
        using var other = Caller.Create(host, "viewer");
        var first = await admin.Json("POST", All, """{"context":{"plan":"pro"}}""");
        first.Ok().GetProperty("flags").GetArrayLength().ShouldBe(5);
        first.Json.TryGetProperty("eventStreams", out _).ShouldBeFalse();
        var known = await admin.Json("POST", All, """{"context":{"plan":"pro"}}""", ("If-None-Match", first["ETag"]!));
        (known.Status, known.Body).ShouldBe((304, ""));
        (await other.Json("POST", All, """{"context":{"plan":"pro"}}""", ("If-None-Match", first["ETag"]!))).Status.ShouldBe(200);
        (await admin.Json("POST", All, """{"context":{"plan":"free"}}""", ("If-None-Match", first["ETag"]!))).Status.ShouldBe(200);
        (await system.Json("PUT", "/feature-flags", """{"ws_enabled":true}""")).Ok();
        var second = await admin.Json("POST", All, """{"context":{"plan":"pro"}}""", ("If-None-Match", first["ETag"]!));
        second.Ok()
            .GetProperty("flags")
            .EnumerateArray()
            .Single(flag => flag.GetProperty("key").GetString() == "ws_enabled")
            .GetProperty("metadata")
            .GetProperty("layer")
            .GetString()
            .ShouldBe("tenant-0");
        (await admin.Json("PUT", "/feature-flags/definitions/beta", Beta)).Ok();
        (await admin.Json("POST", All, """{"context":{"plan":"pro"}}""", ("If-None-Match", second["ETag"]!))).Ok()
            .GetProperty("flags")
            .GetArrayLength()
            .ShouldBe(6);
        var failure = await admin.Json("POST", All, """{"context":[]}""");
        (failure.Status, failure.Json.GetProperty("errorCode").GetString()).ShouldBe((400, "INVALID_CONTEXT"));
    }

    [Theory, Engines]
    public async Task Ticket_opens_stream_of_flag_changes(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        (await admin.Json("PUT", "/feature-flags", """{"sse_enabled":true}""")).Ok();
        var url = StreamUrl(await admin.Json("POST", All, "{}"));
        using var http = host.Anonymous();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var response = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancelled.Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancelled.Token), Encoding.UTF8);
        (await admin.Json("PUT", "/feature-flags/definitions/beta", Beta)).Ok();
        var lines = new List<string>();
        while (!lines.Exists(line => line.StartsWith("data:", StringComparison.Ordinal)))
        {
            lines.Add((await reader.ReadLineAsync(cancelled.Token))!);
        }

        JsonElement.Parse(lines[^1][5..]).GetProperty("type").GetString().ShouldBe("refetchEvaluation");
        (await admin.Json("PUT", "/feature-flags", """{"sse_enabled":false}""")).Ok();
        (await reader.ReadToEndAsync(cancelled.Token)).ShouldNotContain("data:");
        await Refuses(http, url, 403, "flags.sse_disabled");
        await Refuses(http, url[..^2], 401, "ticket.invalid");
        await Refuses(http, url.Replace(admin.Tenant, "t_system", StringComparison.Ordinal), 401, "ticket.invalid");
        await Refuses(http, "/ofrep/v1/stream", 401, "ticket.invalid");
    }

    [Theory, Engines]
    public async Task Stream_replays_change_missed_since_ticket_or_last_event(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        (await admin.Json("PUT", "/feature-flags", """{"sse_enabled":true}""")).Ok();
        var url = StreamUrl(await admin.Json("POST", All, "{}"));
        (await admin.Json("PUT", "/feature-flags/definitions/beta", Beta)).Ok();
        using var http = host.Anonymous();
        (await ReadFirstEvent(http, url)).ShouldBe(["id: 0.2", "event: message", """data: {"type":"refetchEvaluation","etag":"0.2"}"""]);
        (await admin.Json("PUT", "/feature-flags/definitions/beta", Beta)).Ok();
        (await ReadFirstEvent(http, url, "0.2")).ShouldBe(
            ["id: 0.3", "event: message", """data: {"type":"refetchEvaluation","etag":"0.3"}"""]);
    }

    [Fact]
    public async Task Ticket_is_renewed_before_it_expires()
    {
        var clock = new SetClock { Now = TimeProvider.System.GetUtcNow() };
        await using var host = await NexusHost.StartAsync("sqlite", clock: clock);
        using var admin = Caller.Create(host, "admin");
        (await admin.Json("PUT", "/feature-flags", """{"sse_enabled":true}""")).Ok();
        var first = await admin.Json("POST", All, "{}");
        (await admin.Json("POST", All, "{}", ("If-None-Match", first["ETag"]))).Status.ShouldBe(304);
        using var http = host.Anonymous();
        clock.Now += TimeSpan.FromMinutes(9);
        (await ReadFirstEvent(http, StreamUrl(first))).ShouldBe(["event: message", """data: {"type":"refetchEvaluation"}"""]);
        var second = await admin.Json("POST", All, "{}", ("If-None-Match", first["ETag"]));
        StreamUrl(second).ShouldNotBe(StreamUrl(first));
        clock.Now += TimeSpan.FromMinutes(1);
        await Refuses(http, StreamUrl(first), 401, "ticket.invalid");
        using var open = await http.GetAsync(
            new Uri(StreamUrl(second)),
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        clock.Now += TimeSpan.FromMinutes(9);
        (await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("retry: 1000");
    }

    [Fact]
    public async Task CORS_allows_listed_origins_on_OFREP_routes_only()
    {
        await using var host = await NexusHost.StartAsync(
            "sqlite",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Cors:Origins:0"] = "https://app.example.com" });
        using var viewer = Caller.Create(host, "viewer");
        var answer = await viewer.Json("POST", All, "{}", ("Origin", "https://app.example.com"));
        (answer.Status, answer["Access-Control-Allow-Origin"]).ShouldBe((200, "https://app.example.com"));
        answer["Access-Control-Expose-Headers"]!.ShouldContain("ETag");
        (await viewer.Json("POST", All, "{}", ("Origin", "https://evil.example.com")))["Access-Control-Allow-Origin"].ShouldBeNull();
        var asked = await viewer.Send(
            "OPTIONS",
            All,
            null,
            ("Authorization", null),
            ("Origin", "https://app.example.com"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type"));
        (asked.Status, asked["Access-Control-Allow-Origin"]).ShouldBe((204, "https://app.example.com"));
        (await viewer.Get("/feature-flags", ("Origin", "https://app.example.com")))["Access-Control-Allow-Origin"].ShouldBeNull();
    }

    private static string StreamUrl(Reply all) => all.Ok().GetProperty("eventStreams")[0].GetProperty("url").GetString()!;

    /// <summary>Returns the lines of the first event.</summary>
    private static async Task<List<string>> ReadFirstEvent(HttpClient http, string url, string? lastEventId = null)
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancelled);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancelled), Encoding.UTF8);
        (await reader.ReadLineAsync(cancelled)).ShouldBe("retry: 1000");
        (await reader.ReadLineAsync(cancelled)).ShouldBe("");
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancelled) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    private static async Task Refuses(HttpClient http, string url, int status, string code)
    {
        using var response = await http.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);
        (await Reply.ReadAsync(response, TestContext.Current.CancellationToken)).Refused(status, code);
    }

    private static string Failure(Reply reply, int status)
    {
        reply.Status.ShouldBe(status, reply.Body);
        return $"{reply.Json.GetProperty("key").GetString()} {reply.Json.GetProperty("errorCode").GetString()}";
    }
}
