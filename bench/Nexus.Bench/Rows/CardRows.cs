using System.Text.Json;
using Nexus.Bench.Load;
using Nexus.Bench.Processes;

namespace Nexus.Bench.Rows;

/// <summary>Cards on SQLite: one read by its id, one written durably with its event.</summary>
internal static class CardRows
{
    public const string Tenant = "t_bench";

    public static async Task<bool> ReadAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        await using var floor = await Servers.FloorAsync("sqlite", scratch["floor"]);
        await using var nexus = await Servers.NexusAsync(scratch["nexus"]);
        var headers = Requests.As(Tenant);
        var created = Driver.Each(nexus.Address, Posts(headers), arguments.Connections);
        byte[][] reads = [.. created.Select(card => Requests.Get($"/nexus/cards/{CardId(card)}", headers))];
        var bare = FloorRows.ReadRequests();
        return Report.Rate("`GET /nexus/cards/{id}` to bare read", 0.55, Comparison.Run(
            arguments,
            window => Driver.Run(floor.Address, bare, arguments.Connections, window),
            window => Driver.Run(nexus.Address, reads, arguments.Connections, window)));
    }

    public static async Task<bool> WriteAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        await using var floor = await Servers.FloorAsync("sqlite", scratch["floor"]);
        await using var nexus = await Servers.NexusAsync(scratch["nexus"]);
        var writes = Posts(Requests.As(Tenant));
        var bare = FloorRows.WriteRequests();
        return Report.Rate("`POST /nexus/cards` to bare write", 0.45, Comparison.Run(
            arguments,
            window => Driver.Run(floor.Address, bare, arguments.Connections, window),
            window => Driver.Run(nexus.Address, writes, arguments.Connections, window)));
    }

    /// <summary>A thousand cards to post, the same texts that the write floor inserts.</summary>
    public static byte[][] Posts(string headers) =>
        [.. Enumerable.Range(0, 1_000).Select(i => Requests.Post("/nexus/cards", "text/markdown", CardTexts.Text(i), headers))];

    private static string CardId(byte[] card)
    {
        using var document = JsonDocument.Parse(card);
        return document.RootElement.GetProperty("card_id").GetString()!;
    }
}
