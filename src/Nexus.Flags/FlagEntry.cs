namespace Nexus.Flags;

/// <summary>A flag of a set.</summary>
/// <param name="Key">The flag's key.</param>
/// <param name="Definition">Its definition; null if what is stored can no longer be read.</param>
/// <param name="Origin">Where the definition comes from.</param>
public sealed record FlagEntry(string Key, FlagDefinition? Definition, FlagOrigin Origin);

/// <summary>Where a definition comes from.</summary>
/// <param name="Layer">The layer that decided.</param>
/// <param name="Version">The version of the layer in which it was written.</param>
/// <param name="LogSize">How many events the layer's log held after that write; null for what was never written.</param>
public sealed record FlagOrigin(FlagLayer Layer, long Version, long? LogSize = null);

/// <summary>The layers, from the lowest to the highest.</summary>
public enum FlagLayer
{
    /// <summary>What is built in.</summary>
    Default,

    /// <summary>Tenant-0, for all tenants.</summary>
    TenantZero,

    /// <summary>The tenant itself.</summary>
    Tenant,
}
