using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Client;
using Nexus.Server.Platform.Admission;



namespace Nexus.Tests.Platform.Admission;

/// <summary>Gate refusals of members leave one aggregated event per action, gate and period; those of non-members leave none.</summary>
public sealed class RefusalEventTests
{
    private static readonly Dictionary<string, string?> _small = new(StringComparer.Ordinal)
    {
        ["Nexus:RateLimits:Actions:card_create"] = "1",
        ["Nexus:RateLimits:WindowSeconds"] = "3600",
        ["Nexus:Quotas:StorageBytes"] = "2000",
    };

    [Theory, Engines]
    public async Task Shutdown_writes_one_counted_event_per_action_and_gate(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _small);
        using var admin = Caller.Create(host, "admin");
        using var stranger = Caller.Create(host);
        var id = await admin.Card();
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":["search"]}""")).Ok();
        var refused = await Task.WhenAll(
            Enumerable.Range(0, 40)
                .Select(number => number % 4 == 0 ? admin.Json("POST", "/nexus/search", """{"query_text":"x"}""") : admin.Post()));
        refused.ShouldAllBe(reply => reply.Status == 429 || reply.Code == "kill_switch.blocked");
        (await admin.Text("PUT", $"/nexus/cards/{id}", "card_type: note\n---\n" + new string('a', 3000), ("If-Match", "*"))).Refused(
            403,
            "quota.exceeded");
        (await stranger.Post(Caller.Note, ("X-Tenant-Id", admin.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await admin.EventTypes()).ShouldBe(["card_created", "kill_switch_updated"]);

        await host.StopAsync();
        await host.StartAgainAsync();
        using var after = admin.On(host);
        using var strangers = stranger.On(host);
        var checks = (await after.Events()).Skip(2).ToList();
        checks.ShouldAllBe(recorded => Caller.TypeOf(recorded) == "gate_chain.check");
        checks.Select(Describe)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["card_create rate_limit 30", "card_update quota 1", "search kill_switch 10"]);
        (await strangers.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Count_restarts_after_it_is_stored(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _small);
        using var member = Caller.Create(host);
        var refusals = host.Services.GetRequiredService<RefusalEventAggregator>();
        await member.Card();
        for (var round = 0; round < 2; round++)
        {
            (await member.Post()).Refused(429, "rate_limit.exceeded");
            await refusals.FlushAsync(DateTimeOffset.MinValue, TestContext.Current.CancellationToken);
            (await member.Post()).Refused(429, "rate_limit.exceeded");
            await refusals.FlushAsync(DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);
        }

        (await member.Events()).Skip(1).Select(Describe).ShouldBe(["card_create rate_limit 2", "card_create rate_limit 2"]);
    }

    [Theory, Engines]
    public async Task Refused_batch_lines_are_counted_once_despite_retry(string engine)
    {
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Quotas:StorageBytes"] = "2000" });
        using var member = Caller.Create(host);
        var large = new string('a', 3_000);
        var line = $$"""{"text":"card_type: note\n---\n{{large}}"}""";
        for (var i = 0; i < 2; i++)
        {
            using var cards = new StringContent(
                string.Join('\n', line, line, """{"text":"no card"}"""),
                Encoding.UTF8,
                "application/x-ndjson");
            (await member.Send("POST", "/nexus/cards/batch", cards, ("Idempotency-Key", "k"))).Body.Split("quota.exceeded").Length.ShouldBe(
                3);
        }

        using var events = new StringContent(
            $$$"""{"surface":"test","input":{"a":"{{{large}}}"}}""",
            Encoding.UTF8,
            "application/x-ndjson");
        (await member.Send("POST", "/events/batch", events)).Body.ShouldContain("quota.exceeded");
        await host.Services.GetRequiredService<RefusalEventAggregator>()
            .FlushAsync(DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);
        (await member.Events()).Select(Describe).Order(StringComparer.Ordinal).ShouldBe(["card_create quota 2", "event_write quota 1"]);
    }

    private static string Describe(DatasetEvent recorded) =>
        $"{recorded.Metadata.GetProperty("action").GetString()} {recorded.Output!.Value.GetProperty("gate").GetString()} {recorded.Output!.Value.GetProperty("count").GetInt64()}";
}
