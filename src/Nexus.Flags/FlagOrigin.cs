namespace Nexus.Flags;

/// <summary>Where a definition comes from.</summary>
/// <param name="Layer">Who decided it.</param>
/// <param name="Version">The version of the configuration in which it was written.</param>
/// <param name="LogSize">How many events the layer's log held with that writing; null for what was never written.</param>
internal sealed record FlagOrigin(FlagLayer Layer, long Version, long? LogSize = null);
