using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Maybes;

/// <summary><c>nexus maybe list</c>.</summary>
internal static class MaybeListCommand
{
    public static Command Create(CommandRunner verb)
    {
        var space = new Option<string?>("--space") { Description = "Only notes of this space.", HelpName = "space" };
        var user = new Option<string?>("--user") { Description = "Notes of this user and not your own. Admin.", HelpName = "user" };
        var tag = new Option<string[]>("--tag") { Description = "Only notes with this tag; repeated, with any of them.", HelpName = "tag" };
        var search = new Option<string?>("--search") { Description = "Only notes with this text.", HelpName = "text" };
        var pinned = new Option<bool>("--pinned") { Description = "Only pinned notes." };
        var archived = new Option<bool>("--archived") { Description = "Only notes that were put away." };
        var all = new Option<bool>("--all") { Description = "Also notes that were put away." };
        var limit = LimitOption.Create("Most notes shown.");
        var command = new Command("list", "List your notes, newest first; those put away are left out.") { space, user, tag, search, pinned, archived, all, limit };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var most = invocation.Get(limit);
            var query = new MaybeQuery
            {
                Space = invocation.Get(space),
                UserId = invocation.Get(user),
                TagsAny = invocation.Get(tag),
                SearchText = invocation.Get(search),
                PinnedOnly = invocation.Get(pinned),
                Archived = invocation.Get(all) ? null : invocation.Get(archived),
            };
            var items = await invocation.Connect().Client.ListMaybesAsync(query, Math.Min(most, 500), cancellationToken).Take(most).ToListAsync(cancellationToken);
            invocation.Output.Write(items, MaybeListJson.Default.ListMaybeItem, screen => screen.Write(MaybeTable.Create(items)));
        });
    }
}
