using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit export</c>: exports the log as NDJSON, which can be verified, or as CSV.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandRunner runner)
    {
        var format = new Option<string>("--format")
        {
            Description = "ndjson (can be verified) or csv.",
            HelpName = "ndjson|csv",
            DefaultValueFactory = _ => "ndjson",
        };
        format.AcceptOnlyFromAmong("ndjson", "csv");
        var from = TimeOption.Create("--from", "Only events recorded at or after this time. UTC without an offset.");
        var to = TimeOption.Create("--to", "Only events recorded before this time. UTC without an offset.");
        var file = new Option<string?>("--out") { Description = "Write to this file; fails if the file exists.", HelpName = "file" };
        var command = new Command(
            "export",
            "Export the log, oldest event first. Only an export without --from can be verified against a checkpoint. Admin.")
        {
            format, from, to, file,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            await using var export = await invocation.Connect().Client.OpenExportAsync(
                invocation.Get(format)!, invocation.Get(from), invocation.Get(to), cancellationToken);
            await Download.WriteAsync(export, invocation.Get(file), invocation.Terminal, cancellationToken);
        });
    }
}
