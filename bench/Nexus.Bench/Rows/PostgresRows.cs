using Nexus.Bench.Load;
using Nexus.Bench.Processes;
using Nexus.Testing;

namespace Nexus.Bench.Rows;

/// <summary>Cards written on PostgreSQL by some tenants at once, against a bare endpoint on the same cluster.</summary>
internal static class PostgresRows
{
    public static async Task<bool> RunAsync(Arguments arguments, int tenants, double reach)
    {
        using var scratch = new Scratch();
        var cluster = await PostgresCluster.SharedAsync();
        await using var floor = await Servers.FloorAsync("postgres", await cluster.CreateDatabaseAsync(CancellationToken.None));
        await using var nexus = await Servers.NexusAsync(scratch["nexus"], await cluster.CreateDatabaseAsync(CancellationToken.None));
        var byTenant = Enumerable.Range(0, tenants).Select(i => CardRows.Posts(Requests.As($"t_bench{i}"))).ToArray();
        byte[][] writes = [.. Enumerable.Range(0, byTenant[0].Length).SelectMany(i => byTenant.Select(posts => posts[i]))];
        var bare = FloorRows.WriteRequests();
        return Report.Rate(
            $"`POST /nexus/cards` of {tenants} {(tenants == 1 ? "tenant" : "tenants")} on PostgreSQL to two rows committed",
            reach,
            Comparison.Run(
                arguments,
                window => Driver.Run(floor.Address, bare, arguments.Connections, window),
                window => Driver.Run(nexus.Address, writes, arguments.Connections, window)));
    }
}
