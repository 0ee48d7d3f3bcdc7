using System.CommandLine;
using System.Globalization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.Lineage;

/// <summary><c>nexus lineage KIND ID</c>: what an object was made from, and what was made from it.</summary>
internal static class LineageCommand
{
    public static Command Create(CommandRunner runner)
    {
        var kind = new Argument<string>("kind") { Description = "raw, atom, card or pack." };
        kind.AcceptOnlyFromAmong("raw", "atom", "card", "pack");
        var id = new Argument<string>("id") { Description = "Id of the object." };
        var depth = new Option<int?>("--depth") { Description = "Maximum distance, 1 to 8. Default: 8.", HelpName = "n" };
        depth.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var steps)
                && steps is < 1 or > 8)
            {
                result.AddError("--depth must be between 1 and 8.");
            }
        });
        var command = new Command("lineage", "Show what an object was made from, and what was made from it.") { kind, id, depth };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var graph = await invocation.Connect().Client.GetLineageAsync(
                invocation.Get(kind), invocation.Get(id), invocation.Get(depth), cancellationToken);
            invocation.Output.Write(graph, WireJson.Default.LineageGraph, screen =>
            {
                screen.Write(LineageTree.Create(graph));
                if (graph.Truncated)
                {
                    screen.Write(Output.Cell(
                        "Truncated: the graph has more nodes. Use a smaller --depth, or start from one of the nodes above.\n"));
                }
            });
        });
    }
}
