namespace Nexus.Server.Platform.Http;

/// <summary>The service's URL as callers see it.</summary>
/// <param name="Configured">What the settings say; null: whatever a caller used.</param>
internal sealed record PublicUrl(string? Configured);
