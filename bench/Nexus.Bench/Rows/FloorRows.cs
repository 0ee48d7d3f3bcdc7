using Nexus.Bench.Load;
using Nexus.Bench.Processes;
using Nexus.Testing;

namespace Nexus.Bench.Rows;

/// <summary>The bare floors by themselves: what this machine gives before Nexus does anything.</summary>
internal static class FloorRows
{
    public static async Task<bool> RunAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        if (arguments.Engine is null or "sqlite")
        {
            await using var floor = await Servers.FloorAsync("sqlite", scratch["floor"]);
            Measure("bare hello", floor, [Requests.Get("/hello")], arguments);
            Measure("bare read", floor, ReadRequests(), arguments);
            Measure("bare write", floor, WriteRequests(), arguments);
        }

        if (arguments.Engine is null or "postgres")
        {
            var cluster = await PostgresCluster.SharedAsync();
            await using var floor = await Servers.FloorAsync("postgres", await cluster.CreateDatabaseAsync(CancellationToken.None));
            Measure("bare write on PostgreSQL", floor, WriteRequests(), arguments);
        }

        return true;
    }

    private static void Measure(string what, Child floor, IReadOnlyList<byte[]> requests, Arguments arguments)
    {
        Driver.Run(floor.Address, requests, arguments.Connections, Comparison.WarmUp).ThrowIfFailed();
        var rounds = Enumerable.Range(0, arguments.Rounds)
            .Select(_ => Driver.Run(floor.Address, requests, arguments.Connections, arguments.Window).PerSecond)
            .ToArray();
        Report.Floor(what, Comparison.Median(rounds), string.Join(' ', rounds.Select(Report.PerSecond)));
    }

    public static byte[][] ReadRequests() =>
        [.. Enumerable.Range(0, Floor.FloorServer.Rows).Select(i => Requests.Get($"/rows/row{i}"))];

    public static byte[][] WriteRequests() =>
        [.. Enumerable.Range(0, 1_000).Select(i => Requests.Post("/rows", "text/plain", CardTexts.Text(i)))];
}
