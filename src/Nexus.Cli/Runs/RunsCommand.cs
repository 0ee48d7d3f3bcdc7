using System.CommandLine;
using System.Globalization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Runs;

/// <summary><c>nexus runs</c>: what happened lately, trace by trace.</summary>
internal static class RunsCommand
{
    public static Command Create(Verb verb)
    {
        var limit = new Option<int>("--limit") { Description = "How many, 1 to 100.", HelpName = "n", DefaultValueFactory = _ => 20 };
        var command = new Command("runs", "List what happened lately, trace by trace.") { limit };
        return verb.Does(command, async (invocation, cancellation) =>
        {
            var runs = await invocation.Connect().Client.ListRunsAsync(invocation.Get(limit), cancellation);
            invocation.Output.Write(runs, WireJson.Default.ResearchRuns, screen =>
            {
                var table = Output.Table("started", "run", "kind", "events", "cards", "atoms");
                foreach (var run in runs)
                {
                    table.AddRow(
                        Output.Cell(UtcTime.Format(run.StartTime)),
                        Output.Cell(run.RunId),
                        Output.Cell(run.Kind),
                        Output.Cell(Count(run.EventsCount)),
                        Output.Cell(Count(run.CardsCount)),
                        Output.Cell(Count(run.AtomsCount)));
                }

                screen.Write(table);
            });
        });
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
