using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.Maybes;

/// <summary><c>nexus maybe …</c>: save and find notes.</summary>
internal static class MaybeCommand
{
    public static Command Create(CommandRunner runner) => new("maybe", "Save and find notes.")
    {
        CreateAdd(runner),
        MaybeListCommand.Create(runner),
        CreateShow(runner),
        CreateEdit(runner),
        CreateRemove(runner),
    };

    private static Command CreateAdd(CommandRunner runner)
    {
        var title = new Argument<string>("title") { Description = "Title of the note." };
        var body = new Argument<string>("body") { Description = "Text of the note, or - for stdin.", DefaultValueFactory = _ => "" };
        var space = new Option<string>("--space")
        {
            Description = "Space to save it in.",
            HelpName = "space",
            DefaultValueFactory = _ => "default",
        };
        var tag = new Option<string[]>("--tag") { Description = "Tag. Can be repeated.", HelpName = "tag" };
        var pinned = new Option<bool>("--pinned") { Description = "Pin the note." };
        var command = new Command("add", "Save a note.") { title, body, space, tag, pinned };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var item = await invocation.Connect().Client.CreateMaybeAsync(
                new MaybeRequest
                {
                    Space = invocation.Get(space)!,
                    Title = invocation.Get(title),
                    Body = await ReadTextAsync(invocation, invocation.Get(body), cancellationToken),
                    Tags = invocation.Get(tag),
                    SourceType = "user",
                    Pinned = invocation.Get(pinned),
                },
                cancellationToken);
            Show(invocation, item);
        });
    }

    private static Command CreateShow(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Note id." };
        var asText = new Option<bool>("--text") { Description = "Print only the text." };
        var command = new Command("show", "Show a note.") { id, asText };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var item = await invocation.Connect().Client.GetMaybeAsync(invocation.Get(id), cancellationToken);
            if (invocation.Get(asText))
            {
                invocation.Output.WriteText(item.Body);
                return;
            }

            Show(invocation, item);
        });
    }

    private static Command CreateEdit(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Note id." };
        var title = new Option<string?>("--title") { Description = "New title.", HelpName = "text" };
        var body = new Option<string?>("--body") { Description = "New text, or - for stdin.", HelpName = "text" };
        var tag = new Option<string[]>("--tag") { Description = "New tag; replaces all existing tags. Can be repeated.", HelpName = "tag" };
        var noTags = new Option<bool>("--no-tags") { Description = "Remove all tags." };
        var pinned = new Option<bool?>("--pinned") { Description = "true pins the note, false unpins it.", HelpName = "true|false" };
        var archived = new Option<bool?>("--archived")
        {
            Description = "true archives the note, false restores it.",
            HelpName = "true|false",
        };
        var command = new Command("edit", "Change a note. Omitted options leave their values unchanged.")
        {
            id, title, body, tag, noTags, pinned, archived,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(tag) is { Implicit: false } && result.GetResult(noTags) is { Implicit: false })
            {
                result.AddError("--tag and --no-tags cannot be combined.");
            }
        });
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var item = await invocation.Connect().Client.UpdateMaybeAsync(
                invocation.Get(id),
                new MaybeUpdate
                {
                    Title = invocation.Get(title),
                    Body = invocation.Get(body) is { } given ? await ReadTextAsync(invocation, given, cancellationToken) : null,
                    Tags = invocation.Get(noTags) ? [] : invocation.Get(tag) is { Length: > 0 } tags ? tags : null,
                    Pinned = invocation.Get(pinned),
                    Archived = invocation.Get(archived),
                },
                cancellationToken);
            Show(invocation, item);
        });
    }

    private static Command CreateRemove(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Note id." };
        var command = new Command("rm", "Delete a note.") { id };
        return runner.SetAction(
            command,
            (invocation, cancellationToken) => (Task)invocation.Connect().Client.DeleteMaybeAsync(invocation.Get(id), cancellationToken));
    }

    private static void Show(Invocation invocation, MaybeItem item) => invocation.Output.Write(item, WireJson.Default.MaybeItem, screen =>
    {
        screen.Write(MaybeTable.CreateDetails(item));
        screen.Write(Output.Cell(item.Body.Length == 0 ? "" : $"\n{item.Body}\n"));
    });

    private static async Task<string> ReadTextAsync(Invocation invocation, string given, CancellationToken cancellationToken) =>
        given == "-" ? await invocation.Terminal.In.ReadToEndAsync(cancellationToken) : given;
}
