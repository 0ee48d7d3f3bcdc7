using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Nexus.Tests.Knowledge.Lineage;

/// <summary>Lineage of data stored before lineage links existed.</summary>
public sealed class LineageMigrationTests
{
    [Theory, Engines]
    public async Task Migration_creates_same_links_as_writes(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var member = Caller.Create(host, "admin");
        using var other = Caller.Create(host, env: "dev");
        var chain = await Chain.CreateAsync(member, "onyx");
        var card = await member.Card(
            $"card_type: note\nartifact_refs: [{chain.Card}, Ada's "
            + $"letter, {Nexus.Server.Platform.Storage.Id.New().ToUpperInvariant()}]\n---\n");
        (await member.Text(
            "PUT",
            $"/nexus/cards/{card}",
            $"card_type: note\nartifact_refs: [{chain.Parts[0]}]\n---\n",
            ("If-Match", "\"1\""))).Ok();
        await member.Card($"card_type: note\nmore: {{artifact_refs: [{chain.Card}]}}\n---\n");
        var theirs = await Chain.CreateAsync(other, "pyrite");
        (await other.Delete("/nexus/cards/" + theirs.Card)).Status.ShouldBe(204);
        (await member.Delete("/nexus/raw/" + chain.Raw)).Status.ShouldBe(204);
        var paths =
            new[]
            {
                (member, "pack/" + chain.Pack),
                (member, "raw/" + chain.Raw),
                (member, "card/" + card),
                (other, "pack/" + theirs.Pack),
                (other, "raw/" + theirs.Raw),
            };
        var before = await GraphsAsync();
        before.ShouldAllBe(body => body.Contains("\"edges\":[{", StringComparison.Ordinal));
        before[2].ShouldContain("earlier_artifact_ref");

        await host.StopAsync();
        await UndoAsync(host);
        await host.StartAgainAsync();
        var after = await GraphsAsync();
        // The sources of a deleted card were deleted with its text unless they had been linked before.
        foreach (var at in new[] { 0, 1, 2 })
        {
            after[at].ShouldBe(before[at]);
        }

        LineageRouteTests.Ids((await other.On(host).Get("/nexus/lineage/pack/" + theirs.Pack)).Ok()).ShouldBe([theirs.Pack, theirs.Card]);
        LineageRouteTests.Ids((await other.On(host).Get("/nexus/lineage/raw/" + theirs.Raw)).Ok()).Length.ShouldBe(5);

        async Task<string[]> GraphsAsync()
        {
            var bodies = new List<string>();
            foreach (var (caller, path) in paths)
            {
                using var again = caller.On(host);
                bodies.Add((await again.Get("/nexus/lineage/" + path)).Ok().GetRawText());
            }

            return [.. bodies];
        }
    }

    private static async Task UndoAsync(NexusHost host)
    {
        var sql =
            $"drop table lineage_links; drop index atoms_of_asset; delete from schema_migrations where name = '0015_lineage.{host.Engine}';";
        if (host.Engine == "postgres")
        {
            await using var connection = new NpgsqlConnection(host.ConnectionString);
            (await connection.ExecuteScalarAsync<bool>("select rolsuper from pg_roles where rolname = current_user")).ShouldBeFalse(
                "a superuser is above row-level security, which the migration must get past");
            await connection.ExecuteAsync(sql);
        }
        else
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(host.Folder, "nexus.db")};Pooling=false");
            await connection.ExecuteAsync(sql);
        }
    }
}
