using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Nexus.Bench.Floor;

/// <summary>
/// What bare Kestrel can do in the same process model: the denominators of the ratios. Nothing here knows
/// tenants, tokens or events; it only answers, reads a row, or commits two.
/// </summary>
internal static class FloorServer
{
    public const int Rows = 1_000;

    /// <summary>Serves until the process is stopped. Arguments: engine, URL, then a folder or a connection string.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var engine, var url, var place])
        {
            await Console.Error.WriteLineAsync(Arguments.Usage);
            return 2;
        }

        await using IFloorStore store = engine == "postgres"
            ? await PostgresFloor.OpenAsync(place)
            : SqliteFloor.Open(place);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.MapGet("/hello", () => new Hello("hello", true));
        app.MapGet("/rows/{id}", async (string id) =>
            await store.ReadAsync(id) is { } row ? Results.Ok(row) : Results.NotFound());
        app.MapPost("/rows", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var id = Guid.CreateVersion7().ToString();
            await store.WriteAsync(id, await reader.ReadToEndAsync(request.HttpContext.RequestAborted));
            return new Written(id);
        });
        await app.RunAsync();
        return 0;
    }

    internal sealed record Hello(string Message, bool Ok);

    internal sealed record Written(string Id);
}

/// <summary>One row, as the read floor answers it.</summary>
internal sealed class FloorRow
{
    public string Id { get; init; } = "";

    public string Text { get; init; } = "";

    public long CreatedAt { get; init; }
}

/// <summary>The store behind a floor: one row read by its key, two rows committed durably.</summary>
internal interface IFloorStore : IAsyncDisposable
{
    Task<FloorRow?> ReadAsync(string id);

    Task WriteAsync(string id, string text);
}
