using System.Text.Json;
using Nexus.Flags;

namespace Nexus.Server.FeatureFlags;

/// <summary>A flag with the layers put together.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Definition">The whole definition, in flagd's shape.</param>
/// <param name="Entry">The same, compiled, with where it comes from.</param>
/// <param name="Row">What the deciding layer wrote; null for what is built in.</param>
/// <param name="Parts">What it counts in <see cref="FlagLimits.MaxLayerParts"/>.</param>
internal sealed record LayeredFlag(string Key, JsonElement Definition, FlagEntry Entry, FlagRow? Row, int Parts = 0);
