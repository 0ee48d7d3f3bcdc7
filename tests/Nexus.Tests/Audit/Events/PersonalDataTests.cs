using System.Text.Json;

namespace Nexus.Tests.Audit.Events;

/// <summary>
/// Personal data is redacted before an event is hashed, wherever the caller put it, and the event records what was redacted.
/// </summary>
public sealed class PersonalDataTests
{
    [Theory, Engines]
    public async Task Personal_data_is_redacted_flagged_and_excluded_from_training(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        var receipt = (await admin.Json(
            "POST",
            "/events",
            """{"input":{"to":["jane@example.com","joe@example.com"],"jane@example.com":1},"output":{"phone":7858949},"utm_term":"+49 30 901820"}""")).Ok();
        var flags = receipt.GetProperty("pii_flags");
        flags.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()).ShouldBe(["email", "phone"]);
        (flags.GetProperty("counts").GetProperty("email").GetInt32(), flags.GetProperty("counts").GetProperty("phone").GetInt32()).ShouldBe(
            (3, 2));
        flags.GetProperty("policy_reason").GetString().ShouldNotBeNullOrEmpty();
        receipt.GetProperty("train_ok").GetBoolean().ShouldBeFalse();

        var stored = (await admin.Get($"/audit/events/{receipt.GetProperty("event_id").GetString()}")).Ok();
        stored.GetProperty("pii_flags").GetRawText().ShouldBe(flags.GetRawText());
        (stored.GetProperty("train_ok").GetBoolean(), stored.GetProperty("train_basis").GetString()).ShouldBe((false, "pii"));
        stored.GetProperty("input").GetRawText().ShouldBe("""{"[EMAIL]":1,"to":["[EMAIL]","[EMAIL]"]}""");
        stored.GetProperty("output").GetRawText().ShouldBe("""{"phone":"[PHONE]"}""");
        stored.GetProperty("utm_term").GetString().ShouldBe("[PHONE]");

        var plain = (await admin.Json("POST", "/events", """{"input":{"a":1}}""")).Ok();
        (plain.GetProperty("pii_flags")
            .GetProperty("flags")
            .GetArrayLength(), plain.GetProperty("pii_flags").GetProperty("policy_reason").ValueKind, plain.GetProperty("train_ok")
            .GetBoolean())
            .ShouldBe((0, JsonValueKind.Null, true));
    }

    [Theory, Engines]
    public async Task Request_id_that_looks_like_personal_data_is_replaced(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var id in new[]
        {
            "123-45-6789",
            "415-555-2671",
            "4111111111111111",
            "4111-1111-1111-1111",
            "192.168.1.20",
            "GB82WEST12345698765432",
            "00:1B:44:11:3A:B7",
            "2001:db8::8a2e:370:7334",
        })
        {
            var reply = await member.Post(headers: [("X-Request-Id", id), ("X-Trace-Id", id)]);
            (reply.Status, reply["X-Request-Id"] == id, reply["X-Trace-Id"] == id).ShouldBe((200, false, false), id);
            var recorded = (await member.Events())[^1];
            (recorded.RequestId, recorded.TraceId).ShouldBe((reply["X-Request-Id"], reply["X-Trace-Id"]));
            recorded.Metadata.GetRawText().ShouldNotContain(id);
        }

        // Machine-generated ids are not redacted.
        foreach (var id in new[]
        {
            "req-1764000000000",
            "01JD6Z8Y9N4Q6T0V2X4Z6B8D0F",
            "0192f3a4-5678-7123-8456-789012345678",
            "1764000000000123",
            "2026-11-24T10:11:12.123Z",
            "1-67891233-abcdef012345678912345678",
            "web.1:42",
        })
        {
            var reply = await member.Get("/nexus/cards", ("X-Request-Id", id), ("X-Trace-Id", id));
            (reply["X-Request-Id"], reply["X-Trace-Id"]).ShouldBe((id, id));
        }
    }

    [Theory, Engines]
    public async Task Email_as_session_id_is_redacted_in_event_only(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host, user: "jane.doe@example.com");
        (await member.Json(
            "POST",
            "/nexus/memory/session/jane.doe%40example.com/turn",
            """{"role":"user","content":"I am jane.doe@example.com"}""")).Ok();
        var recorded = (await member.Events()).ShouldHaveSingleItem();
        (recorded.AgentId, recorded.Metadata.GetProperty("asset_id").GetString(), recorded.TrainOk).ShouldBe(("[EMAIL]", "[EMAIL]", false));
        recorded.PiiFlags.Counts["email"].ShouldBe(2);

        // The session itself keeps its writer's text.
        (await member.Get("/nexus/memory/session/jane.doe%40example.com")).Ok().GetProperty("turns")[0].GetProperty("content")
            .GetString()
            .ShouldBe("I am jane.doe@example.com");
    }

    [Theory, Engines]
    public async Task Pseudonyms_are_stable_per_tenant_and_across_restarts(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, new Dictionary<string, string?> { ["Nexus:Pii:Pseudonyms"] = "true" });
        var tenant = NexusHost.NewTenant();
        var first = await PseudonymAsync(tenant, "jane@example.com");
        first.ShouldMatch(@"\A\[EMAIL:[0-9a-f]{4}\]\z");
        (await PseudonymAsync(tenant, "Jane@Example.com")).ShouldBe(first);
        await host.StartAgainAsync();
        (await PseudonymAsync(tenant, "jane@example.com")).ShouldBe(first);
        var others = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            others.Add(await PseudonymAsync(NexusHost.NewTenant(), "jane@example.com"));
        }

        others.ShouldNotBe(Enumerable.Repeat(first, 5));

        async Task<string> PseudonymAsync(string of, string value)
        {
            using var admin = Caller.Create(host, "admin", of);
            (await admin.Json("POST", "/events", """{"input":{"to":"VALUE"}}""".Replace("VALUE", value, StringComparison.Ordinal))).Ok();
            return (await admin.Events())[^1].Input!.Value.GetProperty("to").GetString()!;
        }
    }
}
