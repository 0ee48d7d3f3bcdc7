[assembly: AssemblyFixture(typeof(Nexus.Tests.TestRun))]

namespace Nexus.Tests;

/// <summary>The end of a run: stops what its tests share.</summary>
public sealed class TestRun : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await NexusHost.StopSharedAsync();
        await Nexus.Tests.Platform.Storage.Blobs.BlobHost.StopSharedAsync();
        await PostgresCluster.StopSharedAsync();
    }
}
