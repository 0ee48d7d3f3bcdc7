using System.CommandLine;
using System.Globalization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Runs;

/// <summary><c>nexus runs</c>: recent runs, one per trace.</summary>
internal static class RunsCommand
{
    public static Command Create(CommandRunner runner)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "Maximum number of runs, 1 to 100.",
            HelpName = "n",
            DefaultValueFactory = _ => 20,
        };
        var command = new Command("runs", "List recent runs, one per trace, newest first.") { limit };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var runs = await invocation.Connect().Client.ListRunsAsync(invocation.Get(limit), cancellationToken);
            invocation.Output.Write(runs, WireJson.Default.ResearchRuns, screen =>
            {
                var table = Output.CreateTable("started", "run", "kind", "events", "cards", "atoms");
                foreach (var run in runs)
                {
                    table.AddRow(
                        Output.Cell(UtcTime.Format(run.StartTime)),
                        Output.Cell(run.RunId),
                        Output.Cell(run.Kind),
                        Output.Cell(FormatCount(run.EventsCount)),
                        Output.Cell(FormatCount(run.CardsCount)),
                        Output.Cell(FormatCount(run.AtomsCount)));
                }

                screen.Write(table);
            });
        });
    }

    private static string FormatCount(long count) => count.ToString(CultureInfo.InvariantCulture);
}
