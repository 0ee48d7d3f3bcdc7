namespace Nexus.Tests.Privacy;

/// <summary>An opt-out applies from its response on: every event with a later <c>seq</c> follows it, whoever writes, on any node.</summary>
public sealed class OptOutUnderLoadTests
{
    [Theory, Engines]
    public async Task Every_event_after_acknowledged_opt_out_respects_it(string engine)
    {
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:RateLimits:Limit"] = "1000000" });
        await using var second = engine == "postgres" ? await host.StartSecondNodeAsync() : null;
        using var person = Caller.Create(host);
        using var elsewhere = person.On(second ?? host);
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 16).Select(async writer =>
        {
            var caller = writer % 2 == 0 ? person : elsewhere;
            while (!done.IsCancellationRequested)
            {
                await caller.Card();
            }
        }).ToArray();
        var said = new List<(long Seq, bool OptOut)>();
        for (var round = 0; round < 10; round++)
        {
            var optOut = round % 2 == 0;
            (await (round % 3 == 0 ? elsewhere : person).Json(
                "POST",
                "/privacy/train-prefs/user",
                $$"""{"user_id":"{{person.User}}","opt_out":{{(optOut ? "true" : "false")}}}""")).Ok();
            await person.Card();
        }

        await done.CancelAsync();
        await Task.WhenAll(writers);
        var (expected, basis) = (true, "default");
        var version = 0;
        foreach (var recorded in await person.Events())
        {
            $"{recorded.TrainOk} {recorded.TrainBasis}".ShouldBe($"{expected} {basis}", $"seq {recorded.Seq}");
            if (Caller.TypeOf(recorded) == "training_preference_updated")
            {
                expected = version % 2 != 0;
                basis = $"user@{++version}";
            }
        }

        version.ShouldBe(10);
    }
}
