using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Maybes;

/// <summary><c>nexus maybe …</c>: keep notes that may become of use.</summary>
internal static class MaybeCommand
{
    public static Command Create(CommandRunner verb) => new("maybe", "Keep notes that may become of use.")
    {
        CreateAdd(verb),
        MaybeListCommand.Create(verb),
        CreateShow(verb),
        CreateEdit(verb),
        CreateRemove(verb),
    };

    private static Command CreateAdd(CommandRunner verb)
    {
        var title = new Argument<string>("title") { Description = "The note in a line." };
        var body = new Argument<string>("body") { Description = "The note in full, or - for stdin.", DefaultValueFactory = _ => "" };
        var space = new Option<string>("--space") { Description = "Where it belongs.", HelpName = "space", DefaultValueFactory = _ => "default" };
        var tag = new Option<string[]>("--tag") { Description = "A tag; may be repeated.", HelpName = "tag" };
        var pinned = new Option<bool>("--pinned") { Description = "Pin it." };
        var command = new Command("add", "Keep a note.") { title, body, space, tag, pinned };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
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

    private static Command CreateShow(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The note's id." };
        var asText = new Option<bool>("--text") { Description = "Print the note in full, and nothing else." };
        var command = new Command("show", "Show a note.") { id, asText };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
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

    private static Command CreateEdit(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The note's id." };
        var title = new Option<string?>("--title") { Description = "Another line.", HelpName = "text" };
        var body = new Option<string?>("--body") { Description = "Another text in full, or - for stdin.", HelpName = "text" };
        var tag = new Option<string[]>("--tag") { Description = "The new tags, in place of all before; may be repeated.", HelpName = "tag" };
        var noTags = new Option<bool>("--no-tags") { Description = "Take all tags away." };
        var pinned = new Option<bool?>("--pinned") { Description = "Pin it, or with false unpin it.", HelpName = "true|false" };
        var archived = new Option<bool?>("--archived") { Description = "Put it away, or with false take it out again.", HelpName = "true|false" };
        var command = new Command("edit", "Change a note; what is not said stays as it is.") { id, title, body, tag, noTags, pinned, archived };
        command.Validators.Add(result =>
        {
            if (result.GetResult(tag) is { Implicit: false } && result.GetResult(noTags) is { Implicit: false })
            {
                result.AddError("--tag and --no-tags exclude each other.");
            }
        });
        return verb.SetAction(command, async (invocation, cancellationToken) =>
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

    private static Command CreateRemove(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The note's id." };
        var command = new Command("rm", "Delete a note.") { id };
        return verb.SetAction(command, (invocation, cancellationToken) => (Task)invocation.Connect().Client.DeleteMaybeAsync(invocation.Get(id), cancellationToken));
    }

    private static void Show(Invocation invocation, MaybeItem item) => invocation.Output.Write(item, WireJson.Default.MaybeItem, screen =>
    {
        screen.Write(MaybeTable.CreateDetails(item));
        screen.Write(Output.Cell(item.Body.Length == 0 ? "" : $"\n{item.Body}\n"));
    });

    private static async Task<string> ReadTextAsync(Invocation invocation, string given, CancellationToken cancellationToken) =>
        given == "-" ? await invocation.Terminal.In.ReadToEndAsync(cancellationToken) : given;
}
