using System.CommandLine;
using System.Globalization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Privacy;

/// <summary><c>nexus privacy erase</c>, <c>erasures</c>, <c>approve</c> and <c>subject-export</c>: erasure and subject access.</summary>
internal static class ErasureCommand
{
    public static Command CreateErase(CommandRunner runner)
    {
        var user = new Argument<string>("user") { Description = "User id." };
        var yes = new Option<bool>("--yes") { Description = "Skip the confirmation." };
        var command = new Command(
            "erase",
            "Erase a person from the tenant in all envs: content by or about them, everything derived from it, "
            + "and their membership. Cannot be undone.")
        {
            user, yes,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (person, terminal) = (invocation.Get(user), invocation.Terminal);
            if (!invocation.Get(yes))
            {
                if (!terminal.CanPrompt)
                {
                    throw CommandException.Usage("client.cannot_ask: Not a terminal; pass --yes.");
                }

                await terminal.Error.WriteAsync(
                    $"This permanently erases everything by or about {Terminal.Sanitize(person)}. Type their id to continue: ");
                if (await terminal.In.ReadLineAsync(cancellationToken) != person)
                {
                    throw CommandException.Usage("client.not_confirmed: The id does not match. Nothing was erased.");
                }
            }

            var state = await invocation.Connect().Client.RequestErasureAsync(person, cancellationToken);
            Show(invocation, state);
        });
    }

    public static Command CreateApprove(CommandRunner runner)
    {
        var id = new Argument<string>("erasure") { Description = "Erasure id." };
        var command = new Command("approve", "Approve an erasure requested by someone else. Admin.") { id };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
            Show(invocation, await invocation.Connect().Client.ApproveErasureAsync(invocation.Get(id), cancellationToken)));
    }

    public static Command CreateList(CommandRunner runner)
    {
        var id = new Argument<string?>("erasure")
        {
            DefaultValueFactory = _ => null,
            Description = "Show only this erasure, in detail.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("erasures", "List erasures, newest first, or show one.") { id };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            if (invocation.Get(id) is { } one)
            {
                var erasure = await client.GetErasureAsync(one, cancellationToken);
                invocation.Output.Write(erasure, WireJson.Default.Erasure, screen => screen.Write(Output.CreateDetails(
                    ("erasure", erasure.ErasureId),
                    ("state", erasure.State),
                    ("reason", erasure.Reason),
                    ("person", erasure.UserId),
                    ("requested", UtcTime.Format(erasure.CreatedAt)),
                    ("by", erasure.RequestedBy),
                    ("finished", erasure.DoneAt is { } done ? UtcTime.Format(done) : null),
                    ("erased", FormatCounts(erasure.Counts)),
                    ("events", FormatSeqs(erasure.ErasedSeqs)),
                    ("files", FormatPurged(erasure.Purged)))));
                return;
            }

            var page = new Page<Erasure> { Items = await client.ListErasuresAsync(cancellationToken).ToListAsync(cancellationToken) };
            invocation.Output.Write(page, WireJson.Default.ErasurePage, screen =>
            {
                var table = Output.CreateTable("erasure", "state", "person", "requested", "by");
                foreach (var erasure in page.Items)
                {
                    table.AddRow(
                        Output.Cell(erasure.ErasureId), Output.Cell(erasure.State), Output.Cell(erasure.UserId),
                        Output.Cell(UtcTime.Format(erasure.CreatedAt)), Output.Cell(erasure.RequestedBy));
                }

                screen.Write(table);
            });
        });
    }

    public static Command CreateExport(CommandRunner runner)
    {
        var user = new Argument<string?>("user")
        {
            DefaultValueFactory = _ => null,
            Description = "User id. Admin. Default: yourself.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string>("--out")
        {
            Description = "Write the ZIP to this file; fails if the file exists.",
            HelpName = "file",
            Required = true,
        };
        var command = new Command("subject-export", "Export everything the tenant stores about a person, as a ZIP of NDJSON and files.")
        {
            user, file,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            await using var export = await invocation.Connect().Client.OpenSubjectExportAsync(invocation.Get(user), cancellationToken);
            await Download.WriteAsync(export, invocation.Get(file)!, invocation.Terminal, cancellationToken);
        });
    }

    private static void Show(Invocation invocation, ErasureState state) => invocation.Output.Write(
        state,
        WireJson.Default.ErasureState,
        screen => screen.Write(Output.CreateDetails(("erasure", state.ErasureId), ("state", state.State))));

    private static string? FormatCounts(IReadOnlyDictionary<string, long>? counts) => counts is null
        ? null
        : string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));

    private static string? FormatSeqs(IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>>>? seqs) => seqs is null
        ? null
        : string.Join("; ", seqs.Select(log => $"{log.Key} {FormatRanges(log.Value)}"));

    private static string? FormatPurged(bool? purged) => purged switch
    {
        true => "purged",
        false => "may still contain erased content: a reader kept them open",
        null => null,
    };

    private static string FormatRanges(IReadOnlyList<IReadOnlyList<long>> ranges) =>
        string.Join(' ', ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range[0]}-{range[1]}")));
}
