namespace Nexus.Tests.Platform.Admission;

/// <summary>Limits hold for concurrent requests and across restarts and nodes, and a tenant may have its own.</summary>
public sealed class RateLeaseTests
{
    private static Dictionary<string, string?> Settings(params (string Key, string? Value)[] settings) =>
        settings.Append((Key: "Nexus:RateLimits:WindowSeconds", Value: "3600"))
            .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);

    [Theory, Engines]
    public async Task Exactly_the_limit_of_concurrent_requests_passes(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, Settings(("Nexus:RateLimits:Actions:card_read", "50")));
        using var member = Caller.Create(host);
        var replies = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => member.Get("/nexus/cards")));
        replies.Count(reply => reply.Status == 200).ShouldBe(50);
        replies.Where(reply => reply.Status != 200)
            .ShouldAllBe(
                reply => reply.Code == "rate_limit.exceeded" && reply["Retry-After"] != null && reply["RateLimit"]!.Contains(";r=0;"));
    }

    [Theory, Engines]
    public async Task Tenant_specific_limits_apply_to_that_tenant_only(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, Settings(
            ("Nexus:RateLimits:Actions:card_read", "4"),
            ("Nexus:RateLimits:Tenants:t_small:card_read", "2"),
            ("Nexus:Quotas:Tenants:t_small:DailyRequests", "5"),
            ("Nexus:Quotas:Tenants:t_small:StorageBytes", "500")));
        using var small = Caller.Create(host, tenant: "t_small");
        using var other = Caller.Create(host);
        (await small.Get("/nexus/cards"))["RateLimit-Policy"].ShouldBe("\"card_read\";q=2;w=3600");
        (await small.Get("/nexus/cards")).Ok();
        (await small.Get("/nexus/cards")).Refused(429, "rate_limit.exceeded");
        var full = (await small.Post("card_type: note\n---\n" + new string('a', 600))).Refused(403, "quota.exceeded");
        full.Json.GetProperty("action").GetString().ShouldBe("card_create");
        (await small.Post()).Ok();
        (await small.Json("POST", "/nexus/search", """{"query_text":"x"}""")).Ok();
        (await small.Post()).Refused(403, "quota.exceeded").Json.TryGetProperty("lifts_at", out _).ShouldBeTrue();
        (await other.Post("card_type: note\n---\n" + new string('a', 600))).Ok();
        for (var i = 0; i < 4; i++)
        {
            (await other.Get("/nexus/cards")).Ok();
        }

        (await other.Get("/nexus/cards")).Refused(429, "rate_limit.exceeded");
    }

    [Theory, Engines]
    public async Task Daily_quota_survives_restart_and_unused_leases_are_returned(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, Settings(("Nexus:Quotas:DailyRequests", "60")));
        using var before = Caller.Create(host);
        await Spend(before, 10, 10);
        await host.StopAsync();
        await host.StartAgainAsync();
        using var after = before.On(host);
        await Spend(after, 70, 50);
    }

    [Fact]
    public async Task Limit_of_100_holds_within_10_across_two_nodes()
    {
        await using var first = await NexusHost.StartAsync(
            "postgres",
            Settings(("Nexus:RateLimits:Limit", "100"), ("Nexus:Quotas:DailyRequests", "150")));
        await using var second = await first.StartSecondNodeAsync();
        using var here = Caller.Create(first);
        using var there = here.On(second);
        var replies = await Task.WhenAll(Enumerable.Range(0, 260).Select(number => (number % 2 == 0 ? here : there).Get("/nexus/cards")));
        replies.Count(reply => reply.Status == 200).ShouldBeInRange(90, 100);
        replies.ShouldAllBe(reply => reply.Status == 200 || reply.Code == "rate_limit.exceeded");

        // The daily requests are shared too, across all actions.
        var searches = await Task.WhenAll(
            Enumerable.Range(0, 90)
                .Select(number => (number % 2 == 0 ? here : there).Json("POST", "/nexus/search", """{"query_text":"x"}""")));
        (replies.Concat(searches).Count(reply => reply.Status == 200)).ShouldBeInRange(135, 150);
        searches.ShouldAllBe(reply => reply.Status == 200 || reply.Code == "quota.exceeded");
    }

    [Fact]
    public async Task Stopped_node_returns_unused_lease_to_other_node()
    {
        await using var first = await NexusHost.StartAsync("postgres", Settings(("Nexus:RateLimits:Limit", "100")));
        using var here = Caller.Create(first);
        await using (var second = await first.StartSecondNodeAsync())
        {
            using var there = here.On(second);
            (await there.Get("/nexus/cards")).Ok();
        }

        await Spend(here, 120, 99);
    }

    private static async Task Spend(Caller caller, int requests, int passing)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => caller.Get("/nexus/cards")));
        replies.Count(reply => reply.Status == 200).ShouldBe(passing);
    }
}
