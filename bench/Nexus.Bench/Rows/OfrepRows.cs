using System.Text;
using Nexus.Bench.Load;
using Nexus.Bench.Processes;

namespace Nexus.Bench.Rows;

/// <summary>All flags of a tenant, 30 of its own with targeting and the built-in ones, evaluated over HTTP by OFREP.</summary>
internal static class OfrepRows
{
    private const string Path = "/ofrep/v1/evaluate/flags";
    private const int Contexts = 100;

    public static async Task<bool> RunAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        await using var floor = await Servers.FloorAsync("sqlite", scratch["floor"]);
        await using var nexus = await Servers.NexusAsync(scratch["nexus"]);
        var headers = Requests.As(CardRows.Tenant);
        Driver.Each(nexus.Address, [Requests.Post("/feature-flags/definitions", "application/json", FlagTexts.File(), headers)], 1);
        byte[][] evaluations = [.. Enumerable.Range(0, Contexts).Select(number => Requests.Post(
            Path, "application/json", $$"""{"context":{{Encoding.UTF8.GetString(FlagTexts.Context(number))}}}""", headers))];
        byte[][] hello = [Requests.Get("/hello")];
        return Report.Rate($"`POST {Path}`, 30 flags with targeting, to bare hello", 0.20, Comparison.Run(
            arguments,
            window => Driver.Run(floor.Address, hello, arguments.Connections, window),
            window => Driver.Run(nexus.Address, evaluations, arguments.Connections, window)));
    }
}
