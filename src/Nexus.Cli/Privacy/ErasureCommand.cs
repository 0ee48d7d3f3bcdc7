using System.CommandLine;
using System.Globalization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Privacy;

/// <summary><c>nexus privacy erase</c>, <c>erasures</c>, <c>approve</c> and <c>subject-export</c>: a person is forgotten, or told what is stored of them.</summary>
internal static class ErasureCommand
{
    public static Command CreateErase(CommandRunner verb)
    {
        var user = new Argument<string>("user") { Description = "The person's id." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("erase", "Erase a person from the tenant, in all envs: what is by or about them, what was made of it, their place. Cannot be undone.") { user, yes };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (person, terminal) = (invocation.Get(user), invocation.Terminal);
            if (!invocation.Get(yes))
            {
                if (!terminal.CanPrompt)
                {
                    throw CommandException.Usage("client.cannot_ask: Nobody can be asked here: give --yes.");
                }

                await terminal.Error.WriteAsync($"This erases all that is by or about {Terminal.Sanitize(person)}, for ever. Type their id to go on: ");
                if (await terminal.In.ReadLineAsync(cancellationToken) != person)
                {
                    throw CommandException.Usage("client.not_confirmed: Nothing was erased.");
                }
            }

            var state = await invocation.Connect().Client.RequestErasureAsync(person, cancellationToken);
            Show(invocation, state);
        });
    }

    public static Command CreateApprove(CommandRunner verb)
    {
        var id = new Argument<string>("erasure") { Description = "The erasure's id." };
        var command = new Command("approve", "Approve an erasure that somebody else asked for. Admin.") { id };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
            Show(invocation, await invocation.Connect().Client.ApproveErasureAsync(invocation.Get(id), cancellationToken)));
    }

    public static Command CreateList(CommandRunner verb)
    {
        var id = new Argument<string?>("erasure") { DefaultValueFactory = _ => null, Description = "Only this one, with all that it did.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("erasures", "List erasures, newest first, or show one.") { id };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
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
                    ("asked for", UtcTime.Format(erasure.CreatedAt)),
                    ("by", erasure.RequestedBy),
                    ("ended", erasure.DoneAt is { } done ? UtcTime.Format(done) : null),
                    ("erased", erasure.Counts is { } counts ? string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}"))) : null),
                    ("events", erasure.ErasedSeqs is { } seqs ? string.Join("; ", seqs.Select(log => $"{log.Key} {FormatRanges(log.Value)}")) : null),
                    ("files", erasure.Purged switch { true => "hold nothing of it", false => "may still hold some of it: something went on reading", null => null }))));
                return;
            }

            var page = new Page<Erasure> { Items = await client.ListErasuresAsync(cancellationToken).ToListAsync(cancellationToken) };
            invocation.Output.Write(page, WireJson.Default.ErasurePage, screen =>
            {
                var table = Output.CreateTable("erasure", "state", "person", "asked for", "by");
                foreach (var erasure in page.Items)
                {
                    table.AddRow(
                        Output.Cell(erasure.ErasureId), Output.Cell(erasure.State), Output.Cell(erasure.UserId), Output.Cell(UtcTime.Format(erasure.CreatedAt)), Output.Cell(erasure.RequestedBy));
                }

                screen.Write(table);
            });
        });
    }

    public static Command CreateExport(CommandRunner verb)
    {
        var user = new Argument<string?>("user") { DefaultValueFactory = _ => null, Description = "The person's id, for admins; else yourself.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string>("--out") { Description = "Write the ZIP to this file, which must not be there.", HelpName = "file", Required = true };
        var command = new Command("subject-export", "Get all that the tenant stores of a person, as a ZIP of JSON lines and files.") { user, file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            await using var export = await invocation.Connect().Client.OpenSubjectExportAsync(invocation.Get(user), cancellationToken);
            await Download.WriteAsync(export, invocation.Get(file)!, invocation.Terminal, cancellationToken);
        });
    }

    private static void Show(Invocation invocation, ErasureState state) => invocation.Output.Write(
        state, WireJson.Default.ErasureState, screen => screen.Write(Output.CreateDetails(("erasure", state.ErasureId), ("state", state.State))));

    private static string FormatRanges(IReadOnlyList<IReadOnlyList<long>> ranges) =>
        string.Join(' ', ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range[0]}-{range[1]}")));
}
