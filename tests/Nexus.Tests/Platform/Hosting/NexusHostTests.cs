using System.Net;

namespace Nexus.Tests.Platform.Hosting;

/// <summary>The host starts on each engine and finds its data after a restart.</summary>
public sealed class NexusHostTests
{
    [Theory, Engines]
    public async Task Host_restarts_on_same_data(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        await Ready(host);
        await host.StopAsync();
        await host.StartAgainAsync();
        await Ready(host);
    }

    [Fact]
    public async Task Second_node_shares_database_of_first()
    {
        await using var first = await NexusHost.StartAsync("postgres");
        await using var second = await first.StartSecondNodeAsync();
        await Ready(first);
        await Ready(second);
    }

    private static async Task Ready(NexusHost host)
    {
        using var client = host.Anonymous();
        using var answer = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
