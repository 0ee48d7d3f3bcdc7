using System.Text;
using System.Text.Json;

using Microsoft.Extensions.DependencyInjection;

using Nexus.Server.Storage;

namespace Nexus.Tests.Events;

/// <summary>Personal data is gone before an event is hashed, wherever a caller put it, and the event says that it was there.</summary>
public sealed class PersonalDataTests
{
    private static readonly string[] _forms =
    [
        "jane.doe{0}@example.com", "o'brien+{0}@mail.example.co.uk", "+49 30 9018{0}", "415-555-2{0}", "(415) 555-2{0}", "192.168.{1}.20", "2001:db8::8a2e:370:{0}", "00:1B:44:11:3A:{2}", "123-45-6{0}", "912-70-1{0}", "AB12{2}34C",
        "https://jane:pass{0}@example.com/x", "AKIAIOSFODNN7EXAMPL{3}", "0049 30 9018{0}", "06 12 34 5{3} {2}", "ghp_a1B2c3D4e5a1B2c3D4e5a1B2c3D4e5a1B{0}", "postgres://nexus:s3cret{0}@db/x", "Zoë{0}@exämple.com", "10.{1}.{2}.1", "\"Jane {0}\"@example.com",
    ];

    /// <summary>200 values, all different.</summary>
    private static IEnumerable<string> Values => Enumerable.Range(0, 200).Select(number => string.Format(
        System.Globalization.CultureInfo.InvariantCulture, _forms[number % _forms.Length], 100 + number, 20 + number, 30 + (number / _forms.Length), number / _forms.Length));

    [Theory, Engines]
    public async Task Of_200_planted_values_none_is_found_anywhere(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Of(host, "admin");
        var values = Values.ToList();
        values.Distinct().Count().ShouldBe(200);
        for (var at = 0; at < values.Count; at++)
        {
            await PlantAsync(admin, values[at], at);
        }

        var places = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["list"] = await AllAsync(admin),
            ["export"] = (await admin.Get("/audit/export?format=ndjson")).Body,
            ["csv"] = (await admin.Get("/audit/export?format=csv")).Body,
            ["runs"] = (await admin.Get("/nexus/runs?limit=100")).Body,
            ["tables"] = await TablesAsync(host, admin),
        };
        foreach (var (place, text) in places)
        {
            text.Length.ShouldBeGreaterThan(1000, place);
            foreach (var value in values)
            {
                foreach (var written in new[] { value, JsonEncodedText.Encode(value).ToString(), Uri.EscapeDataString(value), value.Replace("\"", "\"\"", StringComparison.Ordinal) })
                {
                    text.Contains(written, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{written} in {place}");
                }
            }
        }
    }

    [Theory, Engines]
    public async Task An_event_says_what_was_found_and_is_not_for_training(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Of(host, "admin");
        var receipt = (await admin.Json("POST", "/events", """{"input":{"to":["jane@example.com","joe@example.com"],"jane@example.com":1},"output":{"phone":7858949},"utm_term":"+49 30 901820"}""")).Ok();
        var flags = receipt.GetProperty("pii_flags");
        flags.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()).ShouldBe(["email", "phone"]);
        (flags.GetProperty("counts").GetProperty("email").GetInt32(), flags.GetProperty("counts").GetProperty("phone").GetInt32()).ShouldBe((3, 2));
        flags.GetProperty("policy_reason").GetString().ShouldNotBeNullOrEmpty();
        receipt.GetProperty("train_ok").GetBoolean().ShouldBeFalse();

        var stored = (await admin.Get($"/audit/events/{receipt.GetProperty("event_id").GetString()}")).Ok();
        stored.GetProperty("pii_flags").GetRawText().ShouldBe(flags.GetRawText());
        (stored.GetProperty("train_ok").GetBoolean(), stored.GetProperty("train_basis").GetString()).ShouldBe((false, "pii"));
        stored.GetProperty("input").GetRawText().ShouldBe("""{"[EMAIL]":1,"to":["[EMAIL]","[EMAIL]"]}""");
        stored.GetProperty("output").GetRawText().ShouldBe("""{"phone":"[PHONE]"}""");
        stored.GetProperty("utm_term").GetString().ShouldBe("[PHONE]");

        var plain = (await admin.Json("POST", "/events", """{"input":{"a":1}}""")).Ok();
        (plain.GetProperty("pii_flags").GetProperty("flags").GetArrayLength(), plain.GetProperty("pii_flags").GetProperty("policy_reason").ValueKind, plain.GetProperty("train_ok").GetBoolean())
            .ShouldBe((0, JsonValueKind.Null, true));
    }

    [Theory, Engines]
    public async Task An_id_that_looks_like_personal_data_is_replaced_before_it_is_used(string engine)
    {
        using var member = Caller.Of(await NexusHost.SharedAsync(engine));
        foreach (var id in new[] { "123-45-6789", "415-555-2671", "4111111111111111", "4111-1111-1111-1111", "192.168.1.20", "GB82WEST12345698765432", "00:1B:44:11:3A:B7", "2001:db8::8a2e:370:7334" })
        {
            var reply = await member.Post(headers: [("X-Request-Id", id), ("X-Trace-Id", id)]);
            (reply.Status, reply["X-Request-Id"] == id, reply["X-Trace-Id"] == id).ShouldBe((200, false, false), id);
            var recorded = (await member.Events())[^1];
            (recorded.RequestId, recorded.TraceId).ShouldBe((reply["X-Request-Id"], reply["X-Trace-Id"]));
            recorded.Metadata.GetRawText().ShouldNotContain(id);
        }

        // Ids as systems make them stay.
        foreach (var id in new[] { "req-1764000000000", "01JD6Z8Y9N4Q6T0V2X4Z6B8D0F", "0192f3a4-5678-7123-8456-789012345678", "1764000000000123", "2026-11-24T10:11:12.123Z", "1-67891233-abcdef012345678912345678", "web.1:42" })
        {
            var reply = await member.Get("/nexus/cards", ("X-Request-Id", id), ("X-Trace-Id", id));
            (reply["X-Request-Id"], reply["X-Trace-Id"]).ShouldBe((id, id));
        }
    }

    [Theory, Engines]
    public async Task An_id_of_a_caller_s_own_thing_is_redacted_in_the_event(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Of(host, user: "jane.doe@example.com");
        (await member.Json("POST", "/nexus/memory/session/jane.doe%40example.com/turn", """{"role":"user","content":"I am jane.doe@example.com"}""")).Ok();
        var recorded = (await member.Events()).ShouldHaveSingleItem();
        (recorded.AgentId, recorded.Metadata.GetProperty("asset_id").GetString(), recorded.TrainOk).ShouldBe(("[EMAIL]", "[EMAIL]", false));
        recorded.PiiFlags.Counts["email"].ShouldBe(2);

        // The session itself is its writer's, as they wrote it.
        (await member.Get("/nexus/memory/session/jane.doe%40example.com")).Ok().GetProperty("turns")[0].GetProperty("content").GetString().ShouldBe("I am jane.doe@example.com");
    }

    [Theory, Engines]
    public async Task Pseudonyms_are_the_same_within_a_tenant_and_after_a_restart(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, new Dictionary<string, string?> { ["Nexus:Pii:Pseudonyms"] = "true" });
        var tenant = NexusHost.NewTenant();
        var first = await NameAsync(tenant, "jane@example.com");
        first.ShouldMatch(@"\A\[EMAIL:[0-9a-f]{4}\]\z");
        (await NameAsync(tenant, "Jane@Example.com")).ShouldBe(first);
        await host.StartAgainAsync();
        (await NameAsync(tenant, "jane@example.com")).ShouldBe(first);
        var others = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            others.Add(await NameAsync(NexusHost.NewTenant(), "jane@example.com"));
        }

        others.ShouldNotBe(Enumerable.Repeat(first, 5));

        async Task<string> NameAsync(string of, string value)
        {
            using var admin = Caller.Of(host, "admin", of);
            (await admin.Json("POST", "/events", """{"input":{"to":"VALUE"}}""".Replace("VALUE", value, StringComparison.Ordinal))).Ok();
            return (await admin.Events())[^1].Input!.Value.GetProperty("to").GetString()!;
        }
    }

    /// <summary>In a place of an event, a batch, a header, a URL.</summary>
    private static async Task PlantAsync(Caller caller, string value, int at)
    {
        var text = JsonSerializer.Serialize($"I am {value}, you see");
        var path = Uri.EscapeDataString(value);
        string Filled(string json) => json.Replace("TEXT", text, StringComparison.Ordinal).Replace("VALUE", JsonSerializer.Serialize(value), StringComparison.Ordinal);
        switch (at % 8)
        {
            case 0:
                (await caller.Json("POST", "/events", Filled("""{"input":{"a":TEXT},"output":{"b":[VALUE,{"c":TEXT}]}}"""))).Ok();
                break;
            case 1:
                (await caller.Json("POST", "/events", Filled("""{"metadata":{"d":TEXT,VALUE:{"e":VALUE},"origin_ref":{"x":VALUE}}}"""))).Ok();
                break;
            case 2:
                (await caller.Json("POST", "/events", Filled("""{"surface":VALUE,"utm_source":VALUE,"seo_title":TEXT,"asset_alt_text":TEXT,"analytics_event_type":VALUE}"""))).Ok();
                break;
            case 3:
                (await caller.Send("POST", "/events/batch", new StringContent(Filled("""{"input":{VALUE:TEXT}}""") + "\n", Encoding.UTF8, "application/x-ndjson"))).Status.ShouldBe(200);
                break;
            case 4:
                (await caller.Post(headers: [("X-Request-Id", value), ("X-Trace-Id", value), ("User-Agent", value.All(char.IsAscii) ? value : "x"), ("Idempotency-Key", $"k{at}")])).Status.ShouldBe(200);
                break;
            case 5:
                (await caller.Get($"/nexus/memory/session/{path}")).Status.ShouldBeOneOf(200, 422);
                break;
            case 6:
                (await caller.Get($"/audit/events?asset_id={path}&trace_id={path}&surface={path}")).Status.ShouldBe(200);
                break;
            default:
                (await caller.Json("POST", $"/nexus/search?note={path}", Filled("""{"query_text":TEXT}"""))).Status.ShouldBe(200);
                break;
        }
    }

    private static async Task<string> AllAsync(Caller admin)
    {
        var all = new StringBuilder();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await admin.Get($"/audit/events?limit=100{cursor}")).Ok();
            all.Append(page.GetRawText());
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        return all.ToString();
    }

    /// <summary>Every column of every row that the append wrote.</summary>
    private static async Task<string> TablesAsync(NexusHost host, Caller of) => await host.Services.GetRequiredService<Database>().ReadAsync(
        new Scope(of.Tenant, of.Env),
        async session =>
        {
            var rows = await session.QueryAsync<string>(
                """
                select coalesce(event_id, '') || ' ' || coalesce(asset_id, '') || ' ' || coalesce(trace_id, '') || ' ' || coalesce(surface, '') || ' ' || coalesce(entry, '') || ' ' || coalesce(content, '')
                from events where tenant_id = @Tenant and env = @Env order by seq
                """,
                new { of.Tenant, of.Env });
            var runs = await session.QueryAsync<string>("select run_id from runs where tenant_id = @Tenant and env = @Env", new { of.Tenant, of.Env });
            return string.Join('\n', rows.Concat(runs));
        },
        TestContext.Current.CancellationToken);
}
