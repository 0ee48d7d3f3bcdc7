using System.Reflection;

using Xunit.Sdk;
using Xunit.v3;

namespace Nexus.Testing;

/// <summary>Runs a theory, whose only parameter is <c>string engine</c>, once on each engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnginesAttribute : DataAttribute
{
    /// <summary>The engines, by the names <c>Nexus:Database:Engine</c> knows them.</summary>
    public static readonly IReadOnlyList<string> All = ["sqlite", "postgres"];

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. All.Select(engine => new TheoryDataRow<string>(engine))]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
