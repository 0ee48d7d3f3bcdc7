using Nexus.Bench.Load;
using Nexus.Bench.Processes;
using Nexus.Testing;

namespace Nexus.Bench.Rows;

/// <summary>The absolute figures: memory idle and under writers, and the time to be ready on a grown folder.</summary>
internal static class ResourceRows
{
    private const long Gigabyte = 1L << 30;
    private const int Writers = 32;
    private const int LargeCardWords = 25_000;
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    public static async Task<bool> RunAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        var engine = arguments.Engine ?? "sqlite";
        var database = engine == "postgres"
            ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(CancellationToken.None)
            : null;
        var folder = scratch["nexus"];
        bool met;
        await using (var nexus = await Servers.NexusAsync(folder, database))
        {
            met = await MemoryAsync(nexus, engine);
            if (database is null)
            {
                Grow(nexus, folder);
            }
        }

        return database is null ? met & await ReadyAsync(arguments, folder) : met;
    }

    private static async Task<bool> MemoryAsync(Child nexus, string engine)
    {
        await Task.Delay(_settle);
        var idle = nexus.Memory().Now;
        var load = Driver.Run(nexus.Address, CardRows.Posts(Requests.As(CardRows.Tenant)), Writers, _minute);
        load.ThrowIfFailed();
        var peak = nexus.Memory().Peak;
        var met = Report.AtMost($"resident when idle, {engine}", idle, 150, "MB");
        return met & Report.AtMost(
            $"resident at its highest while {Writers} clients write for a minute, {engine}", peak, 400, "MB",
            nexus: $"{load.Answered} cards, {Report.PerSecond(load.PerSecond)}");
    }

    private static void Grow(Child nexus, string folder)
    {
        var headers = Requests.As(CardRows.Tenant);
        for (var number = 0; Size(folder) < Gigabyte; number += 16)
        {
            Driver.Each(
                nexus.Address,
                Enumerable.Range(number, 16)
                    .Select(i => Requests.Post("/nexus/cards", "text/markdown", CardTexts.Text(i, LargeCardWords), headers)),
                connections: 4);
        }
    }

    private static async Task<bool> ReadyAsync(Arguments arguments, string folder)
    {
        var size = Size(folder);
        var seconds = new List<double>();
        for (var round = 0; round < arguments.Rounds; round++)
        {
            await using var nexus = await Servers.NexusAsync(folder);
            seconds.Add(nexus.Ready.TotalSeconds);
        }

        return Report.AtMost(
            $"ready after a kill, on a data folder of {Report.Number(size / (double)Gigabyte)} GiB", Comparison.Median(seconds), 2, "s",
            rounds: string.Join(' ', seconds.Select(Report.Number)));
    }

    private static long Size(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
