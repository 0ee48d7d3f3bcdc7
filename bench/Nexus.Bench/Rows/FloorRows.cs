using Nexus.Bench.Load;
using Nexus.Bench.Processes;

namespace Nexus.Bench.Rows;

/// <summary>The bare floors by themselves: what this machine gives before Nexus does anything.</summary>
internal static class FloorRows
{
    public static async Task<bool> RunAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        await using var floor = await Servers.FloorAsync("sqlite", scratch["floor"]);
        Measure("bare hello", [Requests.Get("/hello")]);
        Measure("bare read", ReadRequests());
        Measure("bare write", WriteRequests());
        return true;

        void Measure(string what, IReadOnlyList<byte[]> requests)
        {
            Driver.Run(floor.Address, requests, arguments.Connections, TimeSpan.FromSeconds(4)).ThrowIfFailed();
            var rounds = Enumerable.Range(0, arguments.Rounds)
                .Select(_ => Driver.Run(floor.Address, requests, arguments.Connections, arguments.Window).PerSecond)
                .ToArray();
            Report.Floor(what, Comparison.Median(rounds), string.Join(' ', rounds.Select(Report.PerSecond)));
        }
    }

    public static byte[][] ReadRequests() =>
        [.. Enumerable.Range(0, Floor.FloorServer.Rows).Select(i => Requests.Get($"/rows/row{i}"))];

    public static byte[][] WriteRequests() =>
        [.. Enumerable.Range(0, 1_000).Select(i => Requests.Post("/rows", "text/plain", CardTexts.Text(i)))];
}
