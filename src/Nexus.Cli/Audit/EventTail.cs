using System.Runtime.CompilerServices;
using Nexus.Cli.CommandLine;
using Nexus.Client;

namespace Nexus.Cli.Audit;

/// <summary>Follows a log across reconnects. Returns each event once and in order.</summary>
internal sealed class EventTail(NexusClient client, Terminal terminal)
{
    private static readonly TimeSpan _initialDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _maxDelay = TimeSpan.FromSeconds(30);

    /// <summary>Events after a position, until cancelled. Throws if the first connection fails or the server refuses a reconnect.</summary>
    public async IAsyncEnumerable<DatasetEvent> FollowAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after;
        var delay = _initialDelay;
        for (var connected = false; ;)
        {
            Exception? broken = null;
            await using (var events = client.StreamEventsAsync(last, cancellationToken: cancellationToken)
                .GetAsyncEnumerator(cancellationToken))
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

                    (connected, delay) = (true, _initialDelay);
                    if (events.Current.Seq <= last)
                    {
                        continue; // A proxy that repeats a response must not repeat an event.
                    }

                    if (events.Current.Seq > last + 1)
                    {
                        await LogAsync($"The server skipped events {last + 1} to {events.Current.Seq - 1}.");
                    }

                    last = events.Current.Seq;
                    yield return events.Current;
                }
            }

            connected = true; // A stream without events was a connection too.
            var wait = (broken as NexusApiException)?.RetryAfter ?? delay;
            var place = last is null ? "" : $" after event {last}";
            await LogAsync($"The stream {(broken is null ? "ended" : "was interrupted")}; reconnecting in {wait.TotalSeconds:0} s{place}.");
            await Task.Delay(wait, terminal.Time, cancellationToken);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, _maxDelay.Ticks));
        }
    }

    private static bool IsTransient(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        NexusApiException refusal => refusal.Status is 429 or >= 500,
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // a timeout of the connection
        HttpRequestException or IOException => true,
        _ => false,
    };

    private Task LogAsync(string message) => terminal.Error.WriteLineAsync($"nexus: {message}");
}
