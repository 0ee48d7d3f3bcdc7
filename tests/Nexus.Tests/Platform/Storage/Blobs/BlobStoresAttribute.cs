using System.Reflection;

using Xunit.Sdk;
using Xunit.v3;

namespace Nexus.Tests.Platform.Storage.Blobs;

/// <summary>Runs a theory with the parameters <c>string engine, string blobs</c> once per engine and blob store.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BlobStoresAttribute : DataAttribute
{
    private static readonly string[] _stores = ["files", "s3"];

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. EnginesAttribute.All.SelectMany(engine => _stores.Select(blobs => new TheoryDataRow<string, string>(engine, blobs)))]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
