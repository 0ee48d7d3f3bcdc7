using System.Net.Http.Headers;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Privacy.Erasure;
using Nexus.Testing.Crash;
using Npgsql;



namespace Nexus.Tests.Privacy;

/// <summary>
/// A started erasure always completes: after a crash in the middle, and again after the database was restored to an earlier
/// state.
/// </summary>
public sealed class ErasureRecoveryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Erasure_resumes_after_crash(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var person = Caller.Create(host);
        using var other = Caller.Create(host, "member", person.Tenant, user: "u_other");
        using var admin = person.Colleague("admin");
        var planted = await Planted.CreateAsync(person, other, "xylophagous");
        await host.StopAsync();
        string erasure;
        await using (await Stall.AtAsync(host, "delete on maybes", "old.user_id <> ''"))
        {
            using var client = new HttpClient();
            var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
            using var server = await ServerProcess.StartAsync(
                host.Folder,
                Path.Combine(host.Folder, "server.log"),
                address,
                host.Settings,
                client,
                Cancelled);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", admin.Token);
            client.DefaultRequestHeaders.Add("X-Tenant-Id", admin.Tenant);
            client.DefaultRequestHeaders.Add("X-Env", admin.Env);
            using var asked = await client.PostAsync(
                new Uri(address, "/privacy/erasures"),
                new StringContent($$"""{"user_id":"{{person.User}}"}""", System.Text.Encoding.UTF8, "application/json"),
                Cancelled);
            erasure = (await Reply.ReadAsync(asked, Cancelled)).Ok().GetProperty("erasure_id").GetString()!;
            while (await StatusAsync(client, new Uri(address, $"/nexus/influence-pack/{planted.Pack}")) != 404)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Cancelled);
            }

            (await StatusAsync(client, new Uri(address, $"/maybes/items/{planted.Maybe}"))).ShouldBe(200);
            server.Kill();
        }

        await host.StartAgainAsync();
        using var after = admin.On(host);
        var done = await after.Ended(erasure);
        done.GetProperty("state").GetString().ShouldBe("done");
        (await Erasures.LeftOf(host, "xylophagous")).ShouldBeEmpty();
        done.GetProperty("counts").GetProperty("card").GetInt64().ShouldBe(4);
        (await after.EventTypes()).Count(type => type == "erasure_done").ShouldBe(1);
        (await after.Verified()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Erasure_is_repeated_after_database_restore()
    {
        await using var host = await NexusHost.StartAsync("sqlite");
        using var person = Caller.Create(host);
        using var other = Caller.Create(host, "member", person.Tenant, user: "u_other");
        using var admin = person.Colleague("admin");
        var planted = await Planted.CreateAsync(person, other, "wollastonite");
        var kept = await other.Card("card_type: note\n---\nOf the other.");
        await host.StopAsync();
        var backup = File.ReadAllBytes(Path.Combine(host.Folder, "nexus.db"));
        await host.StartAgainAsync();
        using var before = admin.On(host);
        var erasure = (await before.Erased(person.User)).GetProperty("erasure_id").GetString()!;
        await host.StopAsync();
        Erasures.Holding(host.Folder, person.User).ShouldNotContain("erasures.journal");
        File.WriteAllBytes(Path.Combine(host.Folder, "nexus.db"), backup);
        await host.StartAgainAsync();

        using var after = admin.On(host);
        using var others = other.On(host);
        (await after.Ended(erasure)).GetProperty("reason").GetString()!.ShouldContain("restored");
        (await Erasures.LeftOf(host, "wollastonite")).ShouldBeEmpty();
        (await after.Get($"/nexus/cards/{planted.Card}")).Refused(404, "not_found");
        (await others.Get($"/nexus/cards/{kept}")).Ok();
        var events = (await after.EventTypes()).Length;
        await host.StartAgainAsync();
        using var again = admin.On(host);
        (await again.EventTypes()).Length.ShouldBe(events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erasure_is_repeated_after_restore_to_before_approval(bool hasLater)
    {
        await using var host = await NexusHost.StartAsync(
            "sqlite",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Privacy:ErasureApprovals"] = "2" });
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        using var owner = person.Colleague("owner");
        await person.Card("card_type: note\n---\nSays phosphophyllite.");
        var erasure = (await admin.Erase(person.User)).Ok().GetProperty("erasure_id").GetString()!;
        await host.StopAsync();
        var backup = File.ReadAllBytes(Path.Combine(host.Folder, "nexus.db"));
        await host.StartAgainAsync();
        using var before = owner.On(host);
        (await before.Json("POST", $"/privacy/erasures/{erasure}/approve", "{}")).Ok();
        (await before.Ended(erasure)).GetProperty("state").GetString().ShouldBe("done");

        // A later erasure of the same person: the restored database does not have it, and has the first one in progress.
        var journal = host.Services.GetRequiredService<ErasureJournal>();
        var noted = journal.Read().ShouldHaveSingleItem();
        noted.ErasureId.ShouldBe(erasure);
        var later = hasLater ? Nexus.Server.Platform.Storage.Id.New() : null;
        if (later is not null)
        {
            journal.Append(noted with { ErasureId = later });
        }

        await host.StopAsync();
        File.WriteAllBytes(Path.Combine(host.Folder, "nexus.db"), backup);
        await host.StartAgainAsync();
        using var after = owner.On(host);
        var again = await after.Ended(erasure);
        again.GetProperty("state").GetString().ShouldBe("done");
        again.GetProperty("reason").GetString()!.ShouldContain("restored");
        if (later is not null)
        {
            // It is closed by the first one: no later start may run it against someone who has joined again.
            var ended = (await after.Get($"/privacy/erasures/{later}")).Ok();
            ended.GetProperty("state").GetString().ShouldBe("refused");
            ended.GetProperty("reason").GetString()!.ShouldContain(erasure);
        }

        (await Erasures.LeftOf(host, "phosphophyllite")).ShouldBeEmpty();
        (await after.Verified()).Faults.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Missing_content_without_receipt_is_detected(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        await person.Card();
        await admin.Card();
        await admin.Erased(person.User);
        (await admin.Verified()).Faults.ShouldBeEmpty();
        const string ByHand =
            """
            update events set content = null, salt = null, actor_id = null, subject_id = null, surface = null
              where tenant_id = @Tenant and seq = 1
            """;
        if (host.ConnectionString is { } connection)
        {
            await using var superuser = new NpgsqlConnection(PostgresCluster.Superuser(connection));
            (await superuser.ExecuteAsync(ByHand, new { admin.Tenant })).ShouldBe(1);
        }
        else
        {
            await host.StopAsync();
            await using (var file = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = Path.Combine(host.Folder, "nexus.db"), Pooling = false }.ConnectionString))
            {
                (await file.ExecuteAsync(ByHand, new { admin.Tenant })).ShouldBe(1);
            }

            await host.StartAgainAsync();
        }

        using var after = admin.On(host);
        (await after.Verified()).Faults.Select(fault => $"{fault.Seq} {fault.Code}").ShouldBe(["1 content.missing"]);
    }

    private static async Task<int> StatusAsync(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address, Cancelled);
        return (int)answer.StatusCode;
    }
}
