using System.Reflection;

using Xunit.Sdk;
using Xunit.v3;

namespace Nexus.Testing;

/// <summary>Runs a theory with the single parameter <c>string engine</c> once per engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnginesAttribute : DataAttribute
{
    /// <summary>The engine names of <c>Nexus:Database:Engine</c>.</summary>
    public static readonly IReadOnlyList<string> All = ["sqlite", "postgres"];

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. All.Select(engine => new TheoryDataRow<string>(engine))]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
