[assembly: AssemblyFixture(typeof(Nexus.Tests.TestRun))]

namespace Nexus.Tests;

/// <summary>The end of a run: stops what its tests share.</summary>
public sealed class TestRun : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await NexusHost.StopSharedAsync();
        await Blobs.BlobHost.StopSharedAsync();
        await PostgresCluster.StopSharedAsync();
    }
}
