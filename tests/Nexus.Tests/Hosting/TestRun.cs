using Nexus.Tests;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Nexus.Tests;

/// <summary>The end of a run: stops what its tests share.</summary>
public sealed class TestRun : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => PostgresCluster.StopSharedAsync();
}
