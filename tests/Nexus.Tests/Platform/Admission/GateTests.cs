using System.Globalization;

namespace Nexus.Tests.Platform.Admission;

/// <summary>Rate limits and quotas: requests over the limit are refused with the gate's name and change nothing.</summary>
public sealed class GateTests
{
    private static readonly Dictionary<string, string?> _small = new(StringComparer.Ordinal)
    {
        ["Nexus:RateLimits:Actions:card_create"] = "3",
        ["Nexus:RateLimits:WindowSeconds"] = "3600",
        ["Nexus:Quotas:StorageBytes"] = "20000",
        ["Nexus:Quotas:DailyRequests"] = "40",
    };

    private static Task<NexusHost> HostAsync(string engine) => NexusHost.SharedAsync(engine, "small gates", _small);

    [Theory, Engines]
    public async Task Request_over_rate_limit_returns_429_with_Retry_After(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        for (var left = 2; left >= 0; left--)
        {
            var taken = await member.Post();
            taken.Ok();
            taken["RateLimit-Policy"].ShouldBe("\"card_create\";q=3;w=3600");
            taken["RateLimit"]!.ShouldStartWith($"\"card_create\";r={left};t=");
        }

        var refusal = (await member.Post()).Refused(429, "rate_limit.exceeded");
        int.Parse(refusal["Retry-After"]!, CultureInfo.InvariantCulture).ShouldBeInRange(1, 3600);
        refusal.Json.GetProperty("gate").GetString().ShouldBe("rate_limit");
        refusal.Json.GetProperty("action").GetString().ShouldBe("card_create");
        (await member.Events()).Count(recorded => Caller.TypeOf(recorded) == "card_created").ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Rate_limit_is_per_tenant_env_and_action(string engine)
    {
        var host = await HostAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        for (var i = 0; i < 3; i++)
        {
            await member.Card();
        }

        (await member.Colleague("owner").Post()).Refused(429, "rate_limit.exceeded");
        (await member.Get("/nexus/cards")).Ok();
        (await member.Colleague("member", "dev").Post()).Ok();
        (await other.Post()).Ok();
    }

    [Theory, Engines]
    public async Task Non_members_do_not_consume_tenant_limits(string engine)
    {
        var host = await HostAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host);
        for (var i = 0; i < 10; i++)
        {
            (await stranger.Post(Caller.Note, ("X-Tenant-Id", member.Tenant))).Refused(403, "auth.tenant_mismatch");
        }

        (await member.Post()).Ok();
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    [Theory, Engines]
    public async Task Request_over_daily_quota_returns_403(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        for (var i = 0; i < 40; i++)
        {
            (await member.Get("/nexus/cards")).Ok();
        }

        var refusal = (await member.Get("/nexus/cards")).Refused(403, "quota.exceeded").Json;
        refusal.GetProperty("gate").GetString().ShouldBe("quota");
        refusal.TryGetProperty("lifts_at", out _).ShouldBeTrue();
        (await member.Colleague("member", "dev").Get("/nexus/cards")).Refused(403, "quota.exceeded");
    }

    [Theory, Engines]
    public async Task Storage_quota_is_shared_by_all_envs_and_freed_by_delete(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        var large = "card_type: note\n---\n" + new string('a', 12_000);
        var id = await member.Card(large);
        var before = await member.State();
        (await member.Post(large)).Refused(403, "quota.exceeded").Json.GetProperty("gate").GetString().ShouldBe("quota");
        (await member.Text("PUT", $"/nexus/cards/{id}", large, ("If-Match", "*"))).Refused(403, "quota.exceeded");
        using var elsewhere = member.Colleague("member", "dev");
        (await elsewhere.Post(large)).Refused(403, "quota.exceeded");
        (await member.State()).ShouldBe(before);
        (await elsewhere.EventTypes()).ShouldBeEmpty();
        (await member.Delete($"/nexus/cards/{id}")).Status.ShouldBe(204);
        (await elsewhere.Post(large)).Ok();
    }

    [Theory, Engines]
    public async Task Batch_stores_only_cards_that_fit_quota(string engine)
    {
        using var member = Caller.Create(await HostAsync(engine));
        var lines = string.Join('\n', Enumerable.Repeat($$"""{"text":"card_type: note\n---\n{{new string('a', 4_000)}}"}""", 8));
        using var content = new StringContent(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
        var reply = await member.Send("POST", "/nexus/cards/batch", content);
        var stored = reply.Body.Split('\n').Count(line => line.Contains("\"card\":", StringComparison.Ordinal));
        var refused = reply.Body.Split('\n').Count(line => line.Contains("quota.exceeded", StringComparison.Ordinal));
        stored.ShouldBeInRange(2, 4);
        refused.ShouldBe(8 - stored);
        (await member.EventTypes()).Length.ShouldBe(stored);
    }
}
