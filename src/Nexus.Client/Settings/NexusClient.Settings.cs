namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns the newest <c>surface_settings</c> card, if any. Viewer.</summary>
    public Task<SettingsCards> GetSurfaceSettingsAsync(CancellationToken cancellationToken = default) =>
        GetSettingsAsync("surface", cancellationToken);

    /// <summary>Returns all <c>app_definition</c> cards, newest first. Viewer.</summary>
    public Task<SettingsCards> GetAppSettingsAsync(CancellationToken cancellationToken = default) =>
        GetSettingsAsync("apps", cancellationToken);

    /// <summary>Returns all <c>connector_config</c> cards, newest first. Viewer.</summary>
    public Task<SettingsCards> GetConnectorSettingsAsync(CancellationToken cancellationToken = default) =>
        GetSettingsAsync("connectors", cancellationToken);

    private Task<SettingsCards> GetSettingsAsync(string kind, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, "nexus/settings/" + kind, RequestHeaders.Read, null, WireJson.Default.SettingsCards, cancellationToken);
}
