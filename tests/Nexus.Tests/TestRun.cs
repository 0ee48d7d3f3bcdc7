[assembly: AssemblyFixture(typeof(Nexus.Tests.TestRun))]

namespace Nexus.Tests;

/// <summary>Stops what the tests share at the end of the run.</summary>
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
