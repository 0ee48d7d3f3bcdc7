using System.Runtime.CompilerServices;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Audit;

/// <summary>Follows a log over as many connections as it takes, each event once and in order.</summary>
internal sealed class EventTail(NexusClient client, Terminal terminal)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Events behind a place, for ever. Throws where the first connection fails, and where the server refuses a later one.</summary>
    public async IAsyncEnumerable<DatasetEvent> FollowAsync(long? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = after;
        var pause = FirstPause;
        for (var connected = false; ;)
        {
            Exception? broken = null;
            await using (var events = client.StreamEventsAsync(last, cancellation: cancellation).GetAsyncEnumerator(cancellation))
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
                    catch (Exception e) when (connected && IsPassing(e, cancellation))
                    {
                        broken = e;
                        break;
                    }

                    (connected, pause) = (true, FirstPause);
                    if (events.Current.Seq <= last)
                    {
                        continue; // A proxy that answers twice must not make an event happen twice.
                    }

                    if (events.Current.Seq > last + 1)
                    {
                        await SayAsync($"The server left out {last + 1} to {events.Current.Seq - 1}.");
                    }

                    last = events.Current.Seq;
                    yield return events.Current;
                }
            }

            connected = true; // A stream that ended was one.
            var wait = (broken as NexusApiException)?.RetryAfter ?? pause;
            await SayAsync($"The stream {(broken is null ? "ended" : "broke off")}; going on in {wait.TotalSeconds:0} s{(last is null ? "" : $" behind {last}")}.");
            await Task.Delay(wait, terminal.Time, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private static bool IsPassing(Exception exception, CancellationToken cancellation) => exception switch
    {
        NexusApiException refusal => refusal.Status is 429 or >= 500,
        OperationCanceledException => !cancellation.IsCancellationRequested, // a timeout of the connection
        HttpRequestException or IOException => true,
        _ => false,
    };

    private Task SayAsync(string what) => terminal.Error.WriteLineAsync($"nexus: {what}");
}
