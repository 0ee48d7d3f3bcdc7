using Nexus.Bench.Rows;
using Nexus.Testing;

namespace Nexus.Bench;

/// <summary>Runs the rows asked for and answers 0 when every figure was reached, 1 when one was not.</summary>
internal static class Suite
{
    private static readonly Row[] _all =
    [
        new("hello", null, FloorRows.RunAsync),
        new("read", "sqlite", CardRows.ReadAsync),
        new("write", "sqlite", CardRows.WriteAsync),
        new("write-1", "postgres", arguments => PostgresRows.RunAsync(arguments, 1, 0.35)),
        new("write-8", "postgres", arguments => PostgresRows.RunAsync(arguments, 8, 0.45)),
        new("search", "sqlite", SearchRows.RunAsync),
        new("log", null, LogRows.RunAsync),
        new("evaluate", null, EvaluationRows.RunAsync),
        new("ofrep", "sqlite", OfrepRows.RunAsync),
        new("resources", null, ResourceRows.RunAsync),
        new("upload", "sqlite", AssetRows.UploadAsync),
        new("split", "sqlite", AssetRows.SplitAsync),
        new("cranfield", null, CranfieldRows.RunAsync),
        new("pii", null, PiiRows.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (Arguments.Parse(args) is not { } arguments)
        {
            return 2;
        }

        var rows = _all.Where(row =>
            arguments.Row == row.Name
            || (arguments.Row == "all" && (arguments.Engine is null || row.Engine is null || row.Engine == arguments.Engine)))
            .ToArray();
        if (rows.Length == 0)
        {
            await Console.Error.WriteLineAsync($"No row '{arguments.Row}'. There are: {string.Join(", ", _all.Select(r => r.Name))}");
            return 2;
        }

        Report.Begin();
        var met = true;
        try
        {
            foreach (var row in rows)
            {
                met &= await RunAsync(row, arguments);
            }
        }
        finally
        {
            await PostgresCluster.StopSharedAsync();
        }

        return met ? 0 : 1;
    }

    // A row that cannot be measured is a figure not reached; the others are still worth having.
    private static async Task<bool> RunAsync(Row row, Arguments arguments)
    {
        try
        {
            return await row.RunAsync(arguments);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"{row.Name}: {e.Message}");
            return false;
        }
    }

    private sealed record Row(string Name, string? Engine, Func<Arguments, Task<bool>> RunAsync);
}
