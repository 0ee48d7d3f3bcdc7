using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Audit.Runs;

/// <summary>Runs are created for a log that was written before runs existed.</summary>
public sealed class RunMigrationTests
{
    [Theory, Engines]
    public async Task Migration_backfill_matches_runs_kept_by_append(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        (await member.Json("POST", "/nexus/search", """{"query_text":"x"}""", ("X-Trace-Id", "one"))).Ok();
        (await member.Post(headers: ("X-Trace-Id", "two"))).Ok();
        (await member.Post(headers: ("X-Trace-Id", "one"))).Ok();
        (await member.Post(headers: ("X-Trace-Id", "one"))).Ok();
        var kept = await member.Get("/nexus/runs");
        var assembly = typeof(Database).Assembly;
        using var text = new StreamReader(assembly.GetManifestResourceStream($"migrations/0011_runs.{engine}.sql")!);
        var sql = await text.ReadToEndAsync(TestContext.Current.CancellationToken);
        var backfill = sql[sql.IndexOf("insert into runs", StringComparison.Ordinal)..]
            .Replace("from events group", "from events where tenant_id = @Tenant group", StringComparison.Ordinal);
        await host.Services.GetRequiredService<Database>().WriteAsync(
            new Scope(member.Tenant, member.Env),
            async session =>
            {
                await session.ExecuteAsync("delete from runs where tenant_id = @Tenant", new { member.Tenant });
                return await session.ExecuteAsync(backfill, new { member.Tenant });
            },
            TestContext.Current.CancellationToken);
        (await member.Get("/nexus/runs")).Body.ShouldBe(kept.Body);
    }
}
