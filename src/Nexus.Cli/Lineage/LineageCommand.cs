using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Lineage;

/// <summary><c>nexus lineage KIND ID</c>: what something was made of, and what was made of it.</summary>
internal static class LineageCommand
{
    public static Command Create(CommandRunner verb)
    {
        var kind = new Argument<string>("kind") { Description = "raw, atom, card or pack." };
        kind.AcceptOnlyFromAmong("raw", "atom", "card", "pack");
        var id = new Argument<string>("id") { Description = "Its id." };
        var depth = new Option<int?>("--depth") { Description = "Most steps away from it, 1 to 8. Default 8.", HelpName = "n" };
        depth.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 8)
            {
                result.AddError("--depth must be 1 to 8.");
            }
        });
        var command = new Command("lineage", "Say what something was made of, and what was made of it.") { kind, id, depth };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var graph = await invocation.Connect().Client.GetLineageAsync(invocation.Get(kind), invocation.Get(id), invocation.Get(depth), cancellationToken);
            invocation.Output.Write(graph, WireJson.Default.LineageGraph, screen =>
            {
                screen.Write(LineageTree.Create(graph));
                if (graph.Truncated)
                {
                    screen.Write(Output.Cell("There is more than one graph holds.\n"));
                }
            });
        });
    }
}
