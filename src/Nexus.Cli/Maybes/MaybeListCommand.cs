using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.Maybes;

/// <summary><c>nexus maybe list</c>.</summary>
internal static class MaybeListCommand
{
    public static Command Create(CommandRunner runner)
    {
        var space = new Option<string?>("--space") { Description = "Only notes in this space.", HelpName = "space" };
        var user = new Option<string?>("--user") { Description = "Notes of this user instead of your own. Admin.", HelpName = "user" };
        var tag = new Option<string[]>("--tag")
        {
            Description = "Only notes with this tag. Repeat to match any of several tags.",
            HelpName = "tag",
        };
        var search = new Option<string?>("--search") { Description = "Only notes that contain this text.", HelpName = "text" };
        var pinned = new Option<bool>("--pinned") { Description = "Only pinned notes." };
        var archived = new Option<bool>("--archived") { Description = "Only archived notes." };
        var all = new Option<bool>("--all") { Description = "Include archived notes." };
        var limit = LimitOption.Create("Maximum number of notes.");
        var command = new Command("list", "List your notes, newest first, without archived ones.")
        {
            space, user, tag, search, pinned, archived, all, limit,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var count = invocation.Get(limit);
            var query = new MaybeQuery
            {
                Space = invocation.Get(space),
                UserId = invocation.Get(user),
                TagsAny = invocation.Get(tag),
                SearchText = invocation.Get(search),
                PinnedOnly = invocation.Get(pinned),
                Archived = invocation.Get(all) ? null : invocation.Get(archived),
            };
            var items = await invocation.Connect().Client
                .ListMaybesAsync(query, Math.Min(count, 500), cancellationToken)
                .Take(count)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(items, MaybeListJson.Default.ListMaybeItem, screen => screen.Write(MaybeTable.Create(items)));
        });
    }
}
