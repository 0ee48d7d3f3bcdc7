using System.CommandLine;
using Nexus.Cli.Running;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit tail</c>: one line for each event as it is recorded, until interrupted.</summary>
internal static class TailCommand
{
    public static Command Create(CommandRunner verb)
    {
        var after = new Option<long?>("--after") { Description = "Begin behind this seq; without it, with what is recorded from now on.", HelpName = "seq" };
        var count = new Option<long?>("--count") { Description = "End after so many events.", HelpName = "n" };
        var command = new Command("tail", "Print events as they are recorded, one a line; goes on where it was when the connection breaks. Admin.") { after, count };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            if (invocation.Get(count) is < 1)
            {
                throw CommandException.Usage("client.usage: --count is at least 1.");
            }

            var tail = new EventTail(invocation.Connect().Client, invocation.Terminal);
            var left = invocation.Get(count) ?? long.MaxValue;
            await foreach (var recorded in tail.FollowAsync(invocation.Get(after), cancellationToken))
            {
                await invocation.Terminal.Out.WriteLineAsync(invocation.Output.IsJson ? EventLine.FormatJson(recorded) : EventLine.FormatText(recorded));
                await invocation.Terminal.Out.FlushAsync(cancellationToken);
                if (--left == 0)
                {
                    return;
                }
            }
        });
    }
}
