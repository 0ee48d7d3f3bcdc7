using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>What is switched off for the tenant and env; null where nothing was ever set. Admin.</summary>
    public async Task<KillSwitch?> GetKillSwitchAsync(CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Get, "kill-switches", Sends.Read, null, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, WireJson.Default.KillSwitch, cancellation);
        }
        catch (JsonException e)
        {
            throw Unreadable(response, e);
        }
    }

    /// <summary>Switches things off or on; refused everywhere within 5 s of the answer. Admin.</summary>
    public Task<KillSwitch> UpdateKillSwitchAsync(KillSwitchUpdate request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Put,
            "kill-switches",
            Sends.Mutation,
            Body(request, WireJson.Default.KillSwitchUpdate),
            WireJson.Default.KillSwitch,
            cancellation);

    /// <summary>What the gates would say to an action of the caller's now; uses nothing up. Any member.</summary>
    public Task<GateCheck> CheckGatesAsync(string action, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            "gates/check",
            Sends.Read,
            Body(new GateCheckRequest { Action = action }, WireJson.Default.GateCheckRequest),
            WireJson.Default.GateCheck,
            cancellation);
}
