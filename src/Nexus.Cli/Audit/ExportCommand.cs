using System.CommandLine;
using System.Globalization;
using System.Text;
using Nexus.Cli.Running;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit export</c>: the log as lines that can be verified, or as a table.</summary>
internal static class ExportCommand
{
    public static Command Create(Verb verb)
    {
        var format = new Option<string>("--format") { Description = "ndjson, which can be verified, or csv.", HelpName = "ndjson|csv", DefaultValueFactory = _ => "ndjson" };
        format.AcceptOnlyFromAmong("ndjson", "csv");
        var from = new Option<string?>("--from") { Description = "Only events recorded at or after this; without an offset, UTC.", HelpName = "time" };
        var to = new Option<string?>("--to") { Description = "Only events recorded before this; without an offset, UTC.", HelpName = "time" };
        var file = new Option<string?>("--out") { Description = "Write to this file, which must not be there.", HelpName = "file" };
        var command = new Command("export", "Take the log out, oldest event first. Only an export without --from can be held against a checkpoint. Admin.") { format, from, to, file };
        return verb.Does(command, async (invocation, cancellation) =>
        {
            var (start, end) = (Moment("--from", invocation.Get(from)), Moment("--to", invocation.Get(to)));
            await using var export = await invocation.Connect().Client.OpenExportAsync(invocation.Get(format)!, start, end, cancellation);
            if (invocation.Get(file) is { } path)
            {
                await KeepAsync(export, path, cancellation);
            }
            else
            {
                await PrintAsync(export, invocation.Terminal, cancellation);
            }
        });
    }

    private static DateTimeOffset? Moment(string option, string? text) => text switch
    {
        null => null,
        _ when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => moment,
        _ => throw Failure.Usage($"client.usage: {option} '{Terminal.Harmless(text)}' is no time, such as 2026-01-31T00:00:00Z."),
    };

    /// <summary>An export that broke off is not left behind looking whole.</summary>
    private static async Task KeepAsync(Stream export, string path, CancellationToken cancellation)
    {
        await using var target = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
        try
        {
            await export.CopyToAsync(target, cancellation);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task PrintAsync(Stream export, Terminal terminal, CancellationToken cancellation)
    {
        using var reader = new StreamReader(export, Encoding.UTF8);
        var buffer = new char[32 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellation)) > 0)
        {
            var piece = new string(buffer, 0, read);
            await terminal.Out.WriteAsync(terminal.OutIsScreen ? Terminal.Harmless(piece) : piece);
        }
    }
}
