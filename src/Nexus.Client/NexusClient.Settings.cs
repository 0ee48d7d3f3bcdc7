namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>The newest <c>surface_settings</c> card, or none. Viewer.</summary>
    public Task<SettingsCards> GetSurfaceSettingsAsync(CancellationToken cancellation = default) => SettingsAsync("surface", cancellation);

    /// <summary>All <c>app_definition</c> cards, newest first. Viewer.</summary>
    public Task<SettingsCards> GetAppSettingsAsync(CancellationToken cancellation = default) => SettingsAsync("apps", cancellation);

    /// <summary>All <c>connector_config</c> cards, newest first. Viewer.</summary>
    public Task<SettingsCards> GetConnectorSettingsAsync(CancellationToken cancellation = default) => SettingsAsync("connectors", cancellation);

    private Task<SettingsCards> SettingsAsync(string kind, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Get, "nexus/settings/" + kind, Sends.Read, null, WireJson.Default.SettingsCards, cancellation);
}
