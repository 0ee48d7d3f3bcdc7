using System.Runtime.CompilerServices;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Audit;

/// <summary>Follows a log over as many connections as it takes, each event once and in order.</summary>
internal sealed class EventTail(NexusClient client, Terminal terminal)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);

    /// <summary>Events behind a place, for ever. Throws where the first connection fails, and where the server refuses a later one.</summary>
    public async IAsyncEnumerable<DatasetEvent> FollowAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after;
        var pause = _firstPause;
        for (var connected = false; ;)
        {
            Exception? broken = null;
            await using (var events = client.StreamEventsAsync(last, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync())
                        {
                            break;
                        }
                    }
                    catch (Exception e) when (connected && IsTransient(e, cancellationToken))
                    {
                        broken = e;
                        break;
                    }

                    (connected, pause) = (true, _firstPause);
                    if (events.Current.Seq <= last)
                    {
                        continue; // A proxy that answers twice must not make an event happen twice.
                    }

                    if (events.Current.Seq > last + 1)
                    {
                        await LogAsync($"The server left out {last + 1} to {events.Current.Seq - 1}.");
                    }

                    last = events.Current.Seq;
                    yield return events.Current;
                }
            }

            connected = true; // A stream that ended was one.
            var wait = (broken as NexusApiException)?.RetryAfter ?? pause;
            await LogAsync($"The stream {(broken is null ? "ended" : "broke off")}; going on in {wait.TotalSeconds:0} s{(last is null ? "" : $" behind {last}")}.");
            await Task.Delay(wait, terminal.Time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _longestPause.Ticks));
        }
    }

    private static bool IsTransient(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        NexusApiException refusal => refusal.Status is 429 or >= 500,
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // a timeout of the connection
        HttpRequestException or IOException => true,
        _ => false,
    };

    private Task LogAsync(string what) => terminal.Error.WriteLineAsync($"nexus: {what}");
}
