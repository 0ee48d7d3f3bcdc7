using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Spectre.Console;

namespace Nexus.Cli.Cards.Import;

/// <summary><c>nexus card import DIR</c>: creates a card from each card file in a folder.</summary>
internal static class CardImportCommand
{
    public static Command Create(CommandRunner runner)
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = "Folder with *.md, *.txt and *.yaml files. Includes subfolders." };
        var type = new Option<string?>("--type") { Description = "Card type for files without one.", HelpName = "type" };
        folder.AcceptExistingOnly();
        var command = new Command("import", "Create a card from each file in a folder. Importing twice creates the cards twice.")
        {
            folder,
            type,
        };
        return runner.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Get(folder).FullName, invocation.Get(type), cancellationToken));
    }

    private static async Task<int> RunAsync(Invocation invocation, string folder, string? cardType, CancellationToken cancellationToken)
    {
        var import = new CardImport(invocation.Connect().Client, CardFile.Find(folder), invocation.Terminal.Time);
        try
        {
            await ShowProgressAsync(invocation.Terminal, import, import.RunAsync(cardType, cancellationToken));
        }
        catch
        {
            Show(invocation, import.CreateReport(), folder);
            throw;
        }

        var report = import.CreateReport();
        Show(invocation, report, folder);
        return report.Refused.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task ShowProgressAsync(Terminal terminal, CardImport import, Task work)
    {
        if (!terminal.IsErrorTerminal)
        {
            await work;
            return;
        }

        await terminal.CreateErrorConsole().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("importing", maxValue: Math.Max(1, import.CreateReport().Files));
                while (!work.IsCompleted)
                {
                    bar.Value = import.SettledCount;
                    await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(100), terminal.Time));
                }
            });
        await work;
    }

    private static void Show(Invocation invocation, ImportReport report, string folder)
        => invocation.Output.Write(report, ImportReportJson.Default.ImportReport, screen =>
        {
            var unsettled = report.Unsettled > 0 ? $", {report.Unsettled} unknown" : "";
            screen.Write(new Text(
                $"{report.Files} {(report.Files == 1 ? "file" : "files")}: "
                + $"{report.Imported.Count} imported, {report.Refused.Count} refused{unsettled}, in {report.Seconds} s.\n"));
            if (report.Refused.Count == 0)
            {
                return;
            }

            var table = Output.CreateTable("files", "code", "reason", "examples");
            foreach (var reason in report.Refused.GroupBy(file => (file.Code, file.Detail)).OrderByDescending(group => group.Count()))
            {
                var names = reason.Take(3).Select(file => Path.GetRelativePath(folder, file.File));
                table.AddRow(
                    Output.Cell($"{reason.Count()}"),
                    Output.Cell(reason.Key.Code),
                    Output.Cell(reason.Key.Detail),
                    Output.Cell(string.Join(", ", names) + (reason.Count() > 3 ? ", …" : "")));
            }

            screen.Write(table);
        });
}
