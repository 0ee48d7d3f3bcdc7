using System.Text.Json;

namespace Nexus.Tests.Privacy;

/// <summary>Afterwards nothing of the person is left, everything of others is, and the log's proofs are still valid.</summary>
public sealed class ErasureTests
{
    [Theory, Engines]
    public async Task Erasure_removes_everything_by_or_about_person_and_derived_data(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var person = Caller.Create(host);
        using var elsewhere = person.Colleague("member", "dev");
        using var other = Caller.Create(host, "member", person.Tenant, user: "u_other");
        using var admin = person.Colleague("admin");
        using var stranger = Caller.Create(host);
        var planted = await Planted.CreateAsync(person, other, "zyzzogeton");
        await elsewhere.Card("card_type: note\n---\nIn dev: zyzzogeton.");
        for (var at = 0; at < 100; at++)
        {
            // Other rows in between spread them over several pages.
            await (at % 2 == 0 ? person : other).Card(
                $"card_type: note\n---\n{(at % 2 == 0 ? "zyzzogeton " : "ordinary ")}{new string('x', at * 13 % 700)}");
        }

        var kept = await other.Card("card_type: note\ntitle: Quaternion\n---\nOf the other: quaternion.");
        (await other.Post("card_type: note\n---\nAnother quaternion.", ("Idempotency-Key", "others"))).Ok();
        var theirs = await stranger.Card("card_type: note\n---\nOf another tenant: quaternion.");
        var state = await stranger.State();
        await Erasures.Analyze(host);
        (await Erasures.LeftOf(host, "zyzzogeton")).ShouldNotBeEmpty();

        var done = await admin.Erased(person.User);
        (await Erasures.LeftOf(host, "zyzzogeton")).ShouldBeEmpty(done.GetRawText());
        done.GetProperty("purged").GetBoolean().ShouldBeTrue();
        foreach (var path in planted.Paths)
        {
            (await other.Get(path)).Refused(404, "not_found");
        }

        (await other.Find("zyzzogeton")).ShouldBeEmpty();
        (await other.Find("quaternion")).Length.ShouldBe(2);
        (await other.Get($"/nexus/cards/{kept}")).Ok();
        (await other.Post("card_type: note\n---\nAnother quaternion.", ("Idempotency-Key", "others"))).Ok();
        (await other.Find("quaternion")).Length.ShouldBe(2);
        (await other.Get($"/nexus/memory/session/shared-{other.Tenant}")).Ok()
            .GetProperty("turns")
            .EnumerateArray()
            .Select(turn => turn.GetProperty("content").GetString())
            .ShouldBe(["Not of the other."]);
        (await stranger.Get($"/nexus/cards/{theirs}")).Ok();
        (await stranger.State()).ShouldBe(state);

        (await person.Get("/nexus/cards")).Refused(403, "auth.tenant_mismatch");
        done.GetProperty("user_id").ValueKind.ShouldBe(JsonValueKind.Null);
        Counts(done).Where(count => !count.StartsWith("event ", StringComparison.Ordinal)).ShouldBe(
            ["atom 1", "card 55", "maybe 1", "membership 1", "pack 2", "raw 1", "session 1", "training_preference 1", "turn 1"]);
        await ProvesAsync(admin, done, "prod", person.User);

        // An opt-out applies to exports as long as anything it excludes exists.
        var events = await admin.Events();
        events.Single(
            recorded =>
                recorded.Metadata.GetProperty("asset_type").ValueEquals("training_preference")
                    && Caller.TypeOf(recorded) == "artifact_erased").Seq
            .ShouldBeGreaterThan(events.Last(recorded => Caller.TypeOf(recorded) == "content_erased").Seq);
        using var adminInDev = person.Colleague("admin", "dev");
        await ProvesAsync(adminInDev, done, "dev", person.User);
    }

    [Fact]
    public async Task Erasure_clears_search_index_of_other_node()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        await using var node = await host.StartSecondNodeAsync();
        using var person = Caller.Create(host);
        using var other = Caller.Create(node, "member", person.Tenant, user: "u_other");
        using var admin = person.Colleague("admin");
        await person.Card("card_type: note\n---\nSays labradorescence.");
        (await other.Find("labradorescence")).ShouldHaveSingleItem();
        Erasures.Holding(node.Folder, "labradoresc").ShouldNotBeEmpty();
        await admin.Erased(person.User);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (Erasures.Holding(node.Folder, "labradoresc").Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    /// <summary>The whole log verifies, its receipts and the erasure's result list the same ranges, and nothing names the person.</summary>
    private static async Task ProvesAsync(Caller admin, JsonElement done, string env, string person)
    {
        var report = await admin.Verified();
        report.Faults.ShouldBeEmpty();
        report.Held.ShouldHaveSingleItem();
        var listed = done.GetProperty("erased_seqs")
            .GetProperty(env)
            .EnumerateArray()
            .Sum(range => range[1].GetInt64() - range[0].GetInt64() + 1);
        report.Erased.ShouldBe(listed);
        var events = await admin.Events();
        events.Count(recorded => recorded.Input is null && recorded.AgentId.Length == 0).ShouldBe((int)listed);
        events.Where(
            recorded =>
                recorded.AgentId == person
                    || recorded.SubjectId == person
                    || recorded.Input?.GetRawText().Contains(person, StringComparison.Ordinal) == true)
            .ShouldBeEmpty();
    }

    private static string[] Counts(JsonElement done) =>
        [.. done.GetProperty("counts").EnumerateObject().Select(count => $"{count.Name} {count.Value}")];
}
