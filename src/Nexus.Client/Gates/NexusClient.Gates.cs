using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns the kill switches, or null if none was ever set. Admin.</summary>
    public async Task<KillSwitch?> GetKillSwitchAsync(CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(HttpMethod.Get, "kill-switches", RequestHeaders.Read, null, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, WireJson.Default.KillSwitch, cancellationToken);
        }
        catch (JsonException e)
        {
            throw CreateUnreadableException(response, e);
        }
    }

    /// <summary>Changes the kill switches. Takes effect on all nodes within 5 s of the response. Admin.</summary>
    public Task<KillSwitch> UpdateKillSwitchAsync(KillSwitchUpdate request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Put,
            "kill-switches",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.KillSwitchUpdate),
            WireJson.Default.KillSwitch,
            cancellationToken);

    /// <summary>Checks whether the gates would allow an action of the caller now. Consumes no quota. Any member.</summary>
    public Task<GateCheck> CheckGatesAsync(string action, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "gates/check",
            RequestHeaders.Read,
            CreateContent(new GateCheckRequest { Action = action }, WireJson.Default.GateCheckRequest),
            WireJson.Default.GateCheck,
            cancellationToken);
}
