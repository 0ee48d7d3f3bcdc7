using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags.Ofrep;

/// <summary>What a ticket says.</summary>
/// <param name="Scope">Whose changes its holder may hear.</param>
/// <param name="ExpiresAt">When it is over.</param>
/// <param name="Version">The flags that its holder was told with it.</param>
internal sealed record OfrepTicket(Scope Scope, DateTimeOffset ExpiresAt, string Version);
