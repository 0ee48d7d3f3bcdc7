using System.Text.Json;

namespace Nexus.Tests.Platform.Admission;

/// <summary><c>POST /gates/check</c>: what the gates would decide, without counting the query.</summary>
public sealed class GateCheckTests
{
    private static readonly Dictionary<string, string?> _small = new(StringComparer.Ordinal)
    {
        ["Nexus:RateLimits:Actions:card_create"] = "3",
        ["Nexus:RateLimits:Actions:tenant_create"] = "1",
        ["Nexus:RateLimits:WindowSeconds"] = "3600",
        ["Nexus:Quotas:DailyRequests"] = "6",
        ["Nexus:Quotas:StorageBytes"] = "4000",
    };

    private static Task<NexusHost> HostAsync(string engine) => NexusHost.SharedAsync(engine, "gates to ask", _small);

    [Theory, Engines]
    public async Task Check_consumes_neither_limit_nor_quota(string engine)
    {
        using var viewer = Caller.Create(await HostAsync(engine), "viewer");
        using var member = viewer.Colleague("member");
        for (var i = 0; i < 8; i++)
        {
            var said = await Ask(viewer, "card_create");
            said.GetProperty("allowed").GetBoolean().ShouldBeTrue();
            said.GetProperty("gates")
                .EnumerateArray()
                .Select(gate => gate.GetProperty("gate").GetString())
                .ShouldBe(["kill_switch", "rate_limit", "quota"]);
        }

        for (var i = 0; i < 3; i++)
        {
            await member.Card();
        }

        var limit = Gate(await Ask(viewer, "card_create"), "rate_limit");
        limit.GetProperty("allowed").GetBoolean().ShouldBeFalse();
        limit.GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        limit.TryGetProperty("lifts_at", out _).ShouldBeTrue();
        Gate(await Ask(viewer, "card_create"), "quota").GetProperty("allowed").GetBoolean().ShouldBeTrue();
        (await Ask(viewer, "card_read")).GetProperty("allowed").GetBoolean().ShouldBeTrue();
        (await member.EventTypes()).ShouldBe(["card_created", "card_created", "card_created"]);
    }

    [Theory, Engines]
    public async Task Exhausted_quota_is_reported_and_check_still_answers(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        for (var i = 0; i < 6; i++)
        {
            (await member.Get("/nexus/cards")).Ok();
        }

        (await member.Get("/nexus/cards")).Refused(403, "quota.exceeded");
        var said = await Ask(member, "search");
        said.GetProperty("allowed").GetBoolean().ShouldBeFalse();
        Gate(said, "quota").GetProperty("reason").GetString()!.ShouldContain("daily_requests of 6");
    }

    [Theory, Engines]
    public async Task Full_storage_is_reported_for_create_but_not_for_read(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        await member.Card("card_type: note\n---\n" + new string('a', 3_500));
        Gate(await Ask(member, "card_create"), "quota").GetProperty("reason").GetString()!.ShouldContain("storage_bytes");
        Gate(await Ask(member, "card_read"), "quota").GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory, Engines]
    public async Task Kill_switch_is_reported_with_how_to_lift_it(string engine)
    {
        using var admin = Caller.Create(await HostAsync(engine), "admin");
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":["search"]}""")).Ok();
        var said = await Ask(admin, "search");
        said.GetProperty("allowed").GetBoolean().ShouldBeFalse();
        var gate = Gate(said, "kill_switch");
        gate.GetProperty("reason").GetString()!.ShouldContain("PUT /kill-switches");
        gate.TryGetProperty("lifts_at", out _).ShouldBeFalse();
        (await Ask(admin, "card_create")).GetProperty("allowed").GetBoolean().ShouldBeTrue();
        (await admin.EventTypes()).ShouldBe(["kill_switch_updated"]);
    }

    [Theory, Engines]
    public async Task Action_without_tenant_is_limited_per_caller(string engine)
    {
        using var owner = Caller.Create(await HostAsync(engine), "owner");
        using var other = owner.Colleague("viewer");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        (await Ask(owner, "tenant_create")).GetProperty("allowed").GetBoolean().ShouldBeFalse();
        (await Ask(other, "tenant_create")).GetProperty("allowed").GetBoolean().ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task Invalid_check_request_is_rejected(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        foreach (var body in (string[])
        [
            "{}", """{"action":"no_such"}""", """{"action":""}""", """{"action":null}""", """{"action":1}""",
            """{"action":"search","more":1}""", "[]",
        ])
        {
            (await member.Json("POST", "/gates/check", body)).Refused(422, "body.invalid");
        }

        (await member.Json("POST", "/gates/check", """{"action":"search"}""", ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Json("POST", "/gates/check", """{"action":"search"}""", ("X-Tenant-Id", NexusHost.NewTenant()))).Refused(
            403,
            "auth.tenant_mismatch");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    private static async Task<JsonElement> Ask(Caller caller, string action) =>
        (await caller.Json("POST", "/gates/check", $$"""{"action":"{{action}}"}""")).Ok();

    private static JsonElement Gate(JsonElement said, string name) =>
        said.GetProperty("gates").EnumerateArray().Single(gate => gate.GetProperty("gate").GetString() == name);
}
