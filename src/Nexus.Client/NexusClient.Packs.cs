namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Makes a pack of what a search finds, within a budget. Member or as the service allows.</summary>
    public Task<InfluencePack> CreatePackAsync(InfluencePackRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/influence-pack",
            Sends.Mutation,
            Body(request, WireJson.Default.InfluencePackRequest),
            WireJson.Default.InfluencePack,
            cancellation);

    /// <summary>A pack as it was made. Viewer. 404 where there is none.</summary>
    public Task<InfluencePack> GetPackAsync(string packId, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Get,
            $"nexus/influence-pack/{Escape(packId)}",
            Sends.Read,
            null,
            WireJson.Default.InfluencePack,
            cancellation);

    /// <summary>A pack as one prompt-ready text with a source line per card. Viewer.</summary>
    public async Task<string> GetPackTextAsync(string packId, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get, $"nexus/influence-pack/{Escape(packId)}/text", Sends.Read, null, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }
}
