using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

using Nexus.Tests.Routes;

namespace Nexus.Tests.Platform.Http;

/// <summary>Random bytes and random JSON to every route with a body never cause a 5xx.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20_250_101;

    private static readonly string[] _types =
    [
        "application/json", "text/plain", "text/markdown", "application/x-ndjson", "application/octet-stream",
    ];

    [Theory, Engines]
    public async Task Random_body_never_returns_5xx(string engine)
    {
        var host = await NexusHost.SharedAsync(engine, "fuzz", Api);
        using var owner = Caller.Create(host, "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var wrong = new List<string>();
        foreach (var route in MappedRoute.List(host).Where(route => route.Method is "POST" or "PUT" or "PATCH"))
        {
            var random = new Random(Seed);
            for (var i = 0; i < 40; i++)
            {
                var body = i % 4 == 0 ? Noise(random) : Encoding.UTF8.GetBytes(Value(random, 0));
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = MediaTypeHeaderValue.Parse(
                    i % 4 == 3 ? _types[random.Next(_types.Length)] : "application/json");
                var reply = await owner.Send(
                    route.Method,
                    route.Path(name => name == "tenant_id" ? owner.Tenant : "x"),
                    content,
                    ("If-Match", "*"),
                    ("Idempotency-Key", i.ToString(CultureInfo.InvariantCulture)));
                if (reply.Status >= 500)
                {
                    wrong.Add($"{route} {reply}: {Convert.ToBase64String(body)}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Random_card_text_never_returns_5xx_and_round_trips(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var random = new Random(Seed);
        for (var i = 0; i < 150; i++)
        {
            var text = Text(random);
            var reply = await member.Post(text);
            reply.Status.ShouldBeOneOf([200, 422, 400], $"{reply}: {text}");
            if (reply.Status == 200)
            {
                var got = (await member.Get($"/nexus/cards/{reply.Json.GetProperty("card_id").GetString()}")).Ok();
                got.GetProperty("full_text").GetString().ShouldBe(text);
            }
        }
    }

    private static IReadOnlyDictionary<string, string?> Api { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Nexus:Auth:AllowSignup"] = "true",
    };

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Generates JSON with members that the routes know and unexpected values; sometimes truncated.</summary>
    private static string Value(Random random, int depth)
    {
        string[] names =
        [
            "query_text", "filters", "top_k", "mode", "explain", "query", "budget", "max_chars", "max_cards", "disabled_actions",
            "disable_autonomy", "disable_providers", "email", "password", "role", "name", "tenant_id", "env",
            "expires_at", "actor_type", "refresh_token", "token", "status", "display_name", "current_password", "new_password", "", "é",
            "$",
        ];
        string[] scalars =
        [
            "null", "true", "0", "-1", "1e300", "1.5", "\"\"", "\"prod\"", "\"member\"", "\"a@b.c\"", "\"\\u0000\"", "\"\\ud83e\\udd8a\"",
            "\"2020-01-01T00:00:00Z\"", "\"" + new string('x', 300) + "\"", "123456789012345678901234567890",
        ];
        var kind = depth > 4 ? 0 : random.Next(depth == 0 ? 2 : 0, 6);
        var text = kind switch
        {
            4 => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))) + "]",
            2 or 3 or 5 =>
                "{" + string.Join(
                    ',',
                    Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{names[random.Next(names.Length)]}\":{Value(random, depth + 1)}"))
                    + "}",
            _ => scalars[random.Next(scalars.Length)],
        };
        return depth == 0 && random.Next(10) == 0 ? text[..random.Next(text.Length)] : text;
    }

    private static string Text(Random random)
    {
        string[] pieces =
        [
            "---\n", "---", "\n", "\r\n", "card_type: note\n", "card_type: note\n---\n", "title: ", "- ", "? ", ": ", "|\n  ", ">\n", "{",
            "}", "[", "]", "\"", "'", "&a ", "*a", "!t ", "%YAML 1.2\n", "# x\n", "\t", "é", "🦊", "\u2028", "\ufeff", "\u0001",
            "~", "null", "1e999", ".inf", "0x10", "<<: ", "a: 1\n", "subject_id: x\n", "artifact_refs: [a]\n", "version: 1\n", "...\n", "@",
            "`",
        ];
        var text = new StringBuilder(random.Next(2) == 0 ? "card_type: note\n" : "");
        for (var i = random.Next(20); i > 0; i--)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        return random.Next(2) == 0 ? text.Append("\n---\nbody").ToString() : text.ToString();
    }
}
