using System.Text;

namespace Nexus.Tests.Platform.Http;

/// <summary>
/// Requests that are invalid before they reach a slice: bodies, framing, paths, queries and headers. None causes a 5xx or changes
/// anything.
/// </summary>
public sealed class BadRequestTests
{
    private const string Search = "/nexus/search";

    [Theory, Engines]
    public async Task Malformed_JSON_returns_400(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        string[] bodies =
        [
            "", " ", "{", "}", "{\"query_text\":\"x\"", "{\"query_text\":\"x\"}x", "{\"query_text\":\"x\",}", "{'query_text':'x'}", "{query_text:1}", "//\n{\"query_text\":\"x\"}", "{\"query_text\":\"x\"}{}",
            "{\"query_text\":NaN}", "{\"query_text\":01}", "\ufeff{\"query_text\":\"x\"}", "{\"query_text\":\"a\nb\"}", "{\"query_text\":\"\\ud800\"}", "{\"query_text\":\"\\udc00\\ud800\"}", "{\"query_text\":\"\\u0000\"}",
            "{\"\\u0000\":1}", "{\"query_text\":\"x\",\"query_text\":\"x\"}", "{\"query_text\":\"x\",\"top_k\":1" + new string('0', 70) + "}", "{\"query_text\":\"x\",\"top_k\":1e400}",
            Nested(33, '[', ']'), Nested(40_000, '[', ']'), new string('[', 100_000), Nested(33, '{', '}'),
        ];
        foreach (var body in bodies)
        {
            (await admin.Json("POST", Search, body)).Refused(400, "json.malformed");
            (await admin.Json("PUT", "/kill-switches", body)).Refused(400, "json.malformed");
        }

        (await admin.State()).ShouldBe((await Caller.Create(await NexusHost.SharedAsync(engine)).State()));

        static string Nested(int depth, char open, char close) => open == '['
            ? "{\"query_text\":\"x\",\"filters\":{\"a\":" + new string('[', depth - 2) + new string(']', depth - 2) + "}}"
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string(close, depth);
    }

    [Theory, Engines]
    public async Task Invalid_body_returns_422_and_names_field(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var body in new[] { """{"query_text":"x","Top_k":1}""", """{"QUERY_TEXT":"x"}""", """{"query_text":"x","created_by":"me"}""", """{"queryText":"x"}""", """{"query_text":"x","role":"owner"}""", "5", "\"x\"", "[1]" })
        {
            (await member.Json("POST", Search, body)).Refused(422, "body.invalid").Json.GetProperty("errors").EnumerateObject().Count().ShouldBe(1);
        }

        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Unsupported_content_type_or_charset_returns_415(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=latin1", "application/json; charset=utf-7", "json", "" })
        {
            foreach (var (method, path) in new[] { ("POST", Search), ("PUT", "/kill-switches"), ("POST", "/nexus/influence-pack") })
            {
                using var content = new ByteArrayContent("{}"u8.ToArray());
                content.Headers.TryAddWithoutValidation("Content-Type", type);
                (await admin.Send(method, path, content)).Refused(415, "body.content_type");
            }
        }

        using var quoted = new ByteArrayContent("""{"query_text":"x"}"""u8.ToArray());
        quoted.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=\"UTF-8\"");
        (await admin.Send("POST", Search, quoted)).Ok();
        (await admin.EventTypes()).ShouldBe(["card_search"]);
    }

    [Theory, Engines]
    public async Task Oversized_body_returns_413(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", Search, $$"""{"query_text":"{{new string('a', 5 << 20)}}"}""")).Refused(413, "body.too_large");
        using var batch = new StringContent(string.Concat(Enumerable.Repeat("{}" + new string(' ', 1 << 20) + "\n", 17)), Encoding.UTF8, "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", batch)).Refused(413, "body.too_large");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Ambiguous_framing_is_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        const string Body = "card_type: note\n---\nbody";
        (string Headers, string Body)[] requests =
        [
            ("Content-Length: +24\r\n", Body),
            ("Content-Length: -24\r\n", Body),
            ("Content-Length: 0x18\r\n", Body),
            ("Content-Length: 24, 24\r\n", Body),
            ("Content-Length: 24\r\nContent-Length: 25\r\n", Body + "x"),
            ("Content-Length: 99999999999999999999\r\n", Body),
            ("Transfer-Encoding: chunked\r\n", $"18\n{Body}\n0\n\n"),
            ("Transfer-Encoding: chunked\r\n", $"18\r\n{Body}\r\n0\n\n"),
            ("Transfer-Encoding: chunked\r\n", $"+18\r\n{Body}\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n", $"0x18\r\n{Body}\r\n0\r\n\r\n"),
            ("Transfer-Encoding: identity\r\n", Body),
            ("Transfer-Encoding: chunked, identity\r\n", $"18\r\n{Body}\r\n0\r\n\r\n"),
            ("Content-Length : 24\r\n", Body),
            ("Content-Length: 24\n", Body),
        ];
        var wrong = new List<string>();
        foreach (var (headers, sent) in requests)
        {
            var reply = await member.RawInContext("POST /nexus/cards HTTP/1.1", "Content-Type: text/plain\r\n" + headers, sent);
            if (reply.Status is not (>= 400 and < 500))
            {
                wrong.Add($"{headers}{sent}: {reply}");
            }
        }

        wrong.ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
        (await member.RawInContext("POST /nexus/cards HTTP/1.1", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", $"18\r\n{Body}\r\n0\r\n\r\n")).Ok();
    }

    public static IReadOnlyList<string> Texts { get; } = ["%00", "a%00b", "%0d%0a", "a%0d%0aX-Evil:%201", "%", "%zz", "%4", "%ff", "%ed%a0%80", "%c0%80", "%u0041", "%F0%9F%A6%8A", "..%2f..%2f", "%2e%2e", "'", "%3Cscript%3E", new string('a', 3000), Random(3000)];

    [Theory, Engines]
    public async Task Malformed_path_returns_4xx(string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine), "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var before = await owner.State();
        var wrong = new List<string>();
        foreach (var id in (string[])[.. Texts, new string('a', 10_000), Random(10_000), Random(6_000)])
        {
            (string Line, string Body)[] requests =
            [
                ($"GET /nexus/cards/{id}", ""), ($"GET /nexus/cards/{id}/revisions", ""), ($"PUT /nexus/cards/{id}", "card_type: note\n---\nbody"), ($"DELETE /nexus/cards/{id}", ""),
                ($"GET /nexus/influence-pack/{id}", ""), ($"GET /nexus/influence-pack/{id}/text", ""), ($"GET /audit/events/{id}", ""), ($"DELETE /tenants/{owner.Tenant}/api-keys/{id}", ""),
            ];
            foreach (var (line, body) in requests)
            {
                var reply = await owner.RawInContext($"{line} HTTP/1.1", $"If-Match: *\r\nIdempotency-Key: k\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n", body);
                if (reply.Status is not (>= 400 and < 500) || reply.Headers.ContainsKey("X-Evil"))
                {
                    wrong.Add($"{line[..Math.Min(60, line.Length)]}: {reply}");
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await owner.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Malformed_member_id_never_returns_5xx(string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine), "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var wrong = new List<string>();
        foreach (var id in (string[])[.. Texts, Random(6_000)])
        {
            foreach (var (method, body) in new[] { ("PATCH", """{"role":"viewer"}"""), ("DELETE", "") })
            {
                var reply = await owner.RawInContext($"{method} /tenants/{owner.Tenant}/members/{id} HTTP/1.1", $"Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n", body);
                if (reply.Status is 0 or >= 500)
                {
                    wrong.Add($"{method} {id[..Math.Min(60, id.Length)]}: {reply}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Malformed_query_never_returns_5xx(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        string[] parameters =
        [
            "/nexus/cards?card_type=", "/nexus/cards?created_after=", "/nexus/cards?cursor=", "/nexus/cards?limit=", "/nexus/cards?unknown=", "/nexus/cards?tenant_id=", "/nexus/cards?env=",
            "/audit/events?actor=", "/audit/events?action=", "/audit/events?event_type=", "/audit/events?asset_id=", "/audit/events?trace_id=", "/audit/events?surface=", "/audit/events?from=", "/audit/events?to=",
        ];
        var wrong = new List<string>();
        foreach (var text in Texts)
        {
            foreach (var parameter in parameters)
            {
                var reply = await admin.RawInContext($"GET {parameter}{text} HTTP/1.1");
                var unstorable = text.Contains("%00", StringComparison.Ordinal);
                if (reply.Status is 0 or >= 500 || (unstorable && reply.Status < 400))
                {
                    wrong.Add($"{parameter}{text[..Math.Min(40, text.Length)]}: {reply}");
                }
            }
        }

        foreach (var time in new[] { "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00", "2024-02-30T00:00:00Z", "1e3" })
        {
            foreach (var parameter in new[] { "/nexus/cards?created_after=", "/audit/events?from=", "/audit/events?to=" })
            {
                var reply = await admin.RawInContext($"GET {parameter}{time} HTTP/1.1");
                if (reply.Status is 0 or >= 500)
                {
                    wrong.Add($"{parameter}{time}: {reply}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Malformed_header_returns_4xx(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var wrong = new List<string>();
        string[] headers = ["X-Tenant-Id", "X-Env", "X-User-Id", "X-Request-Id", "X-Trace-Id", "traceparent", "tracestate", "Idempotency-Key", "If-Match", "If-None-Match", "Content-Type", "Accept", "Authorization", "X-API-Key", "Range", "Cookie", "X-Forwarded-For", "X-HTTP-Method-Override"];
        string[] values = ["\u00ed\u00a0\u0080", "\u00ff\u00fe", "\u00c3\u00a9", "\0", "a\0b", "a\u007fb", "\t", "", new string('a', 10_000), "\"", "\\", "%00", "=?utf-8?B?AAAA?="];
        foreach (var header in headers)
        {
            foreach (var value in values)
            {
                var reply = await member.Raw(
                    "POST /nexus/cards HTTP/1.1",
                    string.Concat(new[] { ("X-Tenant-Id", member.Tenant), ("X-Env", "prod"), ("Content-Type", "text/plain") }.Where(own => own.Item1 != header).Select(own => $"{own.Item1}: {own.Item2}\r\n"))
                        + $"{header}: {value}\r\nContent-Length: 6\r\n",
                    "refuse");
                if (reply.Status is not (>= 400 and < 500))
                {
                    wrong.Add($"{header}: {value[..Math.Min(20, value.Length)]}: {reply}");
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Unknown_route_returns_404_and_unknown_method_405(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Get("/nexus/nothing")).Refused(404, "route.unknown");
        (await member.Send("PATCH", "/nexus/cards")).Refused(405, "route.method");
        (await member.Send("TRACE", "/nexus/cards")).Refused(405, "route.method");
    }

    /// <summary>Random letters, which do not compress below the limit of an index page.</summary>
    private static string Random(int length)
    {
        var random = new Random(7);
        return string.Create(length, random, static (text, source) =>
        {
            const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
            foreach (ref var character in text)
            {
                character = Letters[source.Next(Letters.Length)];
            }
        });
    }
}
