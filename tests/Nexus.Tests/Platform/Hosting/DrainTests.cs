using System.Net;

namespace Nexus.Tests.Platform.Hosting;

/// <summary>A server that is told to stop completes the requests in flight.</summary>
public sealed class DrainTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task In_flight_requests_complete_on_shutdown(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var member = Caller.Create(host);
        const int Many = 8;
        var uploads = Enumerable.Range(0, Many).Select(_ => new PausedContent("card_type: note\n---\n", "the second half")).ToArray();
        // With Expect, the body is sent only once the server reads it. Bytes in transit are not a request in flight.
        var replies = uploads.Select(upload => member.Send("POST", "/nexus/cards", upload, ("Expect", "100-continue"))).ToArray();
        await Task.WhenAll(uploads.Select(upload => upload.FirstHalfSent));
        var stopping = host.StopAsync();
        await RefusesNewConnectionsAsync(host.Address);
        stopping.IsCompleted.ShouldBeFalse();
        foreach (var upload in uploads)
        {
            upload.Go();
        }

        (await Task.WhenAll(replies)).ShouldAllBe(reply => reply.Status == 200);
        await stopping;
        await host.StartAgainAsync();
        using var again = Caller.Create(host, tenant: member.Tenant);
        (await again.Get("/nexus/cards")).Ok().GetProperty("items").GetArrayLength().ShouldBe(Many);
        (await again.EventTypes()).ShouldBe(Enumerable.Repeat("card_created", Many));
    }

    [Theory, Engines]
    public async Task Acknowledged_writes_survive_shutdown_under_load(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var member = Caller.Create(host);
        var kept = new System.Collections.Concurrent.ConcurrentBag<string>();
        var started = new TaskCompletionSource();
        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    for (var i = 0; i < 10_000; i++)
                    {
                        var reply = await member.Post();
                        if (reply.Status != 200)
                        {
                            reply.Status.ShouldBe(503);
                            return;
                        }

                        kept.Add(reply.Json.GetProperty("card_id").GetString()!);
                        if (kept.Count > 50)
                        {
                            started.TrySetResult();
                        }
                    }
                }
                catch (HttpRequestException)
                {
                    // The server no longer accepts connections; nothing was acknowledged.
                }
            },
            Cancelled)).ToArray();
        await started.Task.WaitAsync(Cancelled);
        await host.StopAsync();
        await Task.WhenAll(writers);
        await host.StartAgainAsync();
        using var again = Caller.Create(host, tenant: member.Tenant);
        var events = await again.Events();
        events.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, events.Count).Select(seq => (long)seq));
        var recorded = events.Select(one => one.Metadata.GetProperty("asset_id").GetString()!).ToHashSet(StringComparer.Ordinal);
        kept.ShouldAllBe(id => recorded.Contains(id));
    }

    private static async Task RefusesNewConnectionsAsync(Uri address)
    {
        while (true)
        {
            using var probe = new System.Net.Sockets.TcpClient();
            try
            {
                await probe.ConnectAsync(address.Host, address.Port, Cancelled);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }

            await Task.Delay(10, Cancelled);
        }
    }

    /// <summary>A request body whose second half waits for <see cref="Go"/>.</summary>
    private sealed class PausedContent : HttpContent
    {
        private readonly string _first, _second;
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PausedContent(string first, string second)
        {
            (_first, _second) = (first, second);
            Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        }

        public Task FirstHalfSent => _sent.Task;

        public void Go() => _go.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(_first));
            await stream.FlushAsync();
            _sent.TrySetResult();
            await _go.Task;
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(_second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
