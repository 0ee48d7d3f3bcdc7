using System.CommandLine;
using Nexus.Cli.Running;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit export</c>: the log as lines that can be verified, or as a table.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandRunner verb)
    {
        var format = new Option<string>("--format") { Description = "ndjson, which can be verified, or csv.", HelpName = "ndjson|csv", DefaultValueFactory = _ => "ndjson" };
        format.AcceptOnlyFromAmong("ndjson", "csv");
        var from = new Option<string?>("--from") { Description = "Only events recorded at or after this; without an offset, UTC.", HelpName = "time" };
        var to = new Option<string?>("--to") { Description = "Only events recorded before this; without an offset, UTC.", HelpName = "time" };
        var file = new Option<string?>("--out") { Description = "Write to this file, which must not be there.", HelpName = "file" };
        var command = new Command("export", "Take the log out, oldest event first. Only an export without --from can be held against a checkpoint. Admin.") { format, from, to, file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (start, end) = (Download.ParseTime("--from", invocation.Get(from)), Download.ParseTime("--to", invocation.Get(to)));
            await using var export = await invocation.Connect().Client.OpenExportAsync(invocation.Get(format)!, start, end, cancellationToken);
            await Download.WriteAsync(export, invocation.Get(file), invocation.Terminal, cancellationToken);
        });
    }
}
