using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit tail</c>: prints each event as it is recorded, one per line, until interrupted.</summary>
internal static class TailCommand
{
    public static Command Create(CommandRunner runner)
    {
        var after = new Option<long?>("--after") { Description = "Start after this seq. Default: only new events.", HelpName = "seq" };
        var count = new Option<long?>("--count") { Description = "Stop after this many events.", HelpName = "n" };
        var command = new Command("tail", "Print events as they are recorded, one per line. Resumes after a lost connection. Admin.")
        {
            after, count,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            if (invocation.Get(count) is < 1)
            {
                throw CommandException.Usage("client.usage: --count must be at least 1.");
            }

            var tail = new EventTail(invocation.Connect().Client, invocation.Terminal);
            var left = invocation.Get(count) ?? long.MaxValue;
            await foreach (var recorded in tail.FollowAsync(invocation.Get(after), cancellationToken))
            {
                await invocation.Terminal.Out.WriteLineAsync(
                    invocation.Output.IsJson ? EventLine.FormatJson(recorded) : EventLine.FormatText(recorded));
                await invocation.Terminal.Out.FlushAsync(cancellationToken);
                if (--left == 0)
                {
                    return;
                }
            }
        });
    }
}
