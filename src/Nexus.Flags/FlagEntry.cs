namespace Nexus.Flags;

/// <summary>A flag of a set.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Definition">Its definition; null where what is stored cannot be read any more.</param>
/// <param name="Origin">Where that comes from.</param>
internal sealed record FlagEntry(string Key, FlagDefinition? Definition, FlagOrigin Origin);
