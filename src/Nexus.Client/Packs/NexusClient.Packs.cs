namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Makes a pack of what a search finds, within a budget. Member or as the service allows.</summary>
    public Task<InfluencePack> CreatePackAsync(InfluencePackRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/influence-pack",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.InfluencePackRequest),
            WireJson.Default.InfluencePack,
            cancellationToken);

    /// <summary>A pack as it was made. Viewer. 404 where there is none.</summary>
    public Task<InfluencePack> GetPackAsync(string packId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            $"nexus/influence-pack/{Escape(packId)}",
            RequestHeaders.Read,
            null,
            WireJson.Default.InfluencePack,
            cancellationToken);

    /// <summary>A pack as one prompt-ready text with a source line per card. Viewer.</summary>
    public async Task<string> GetPackTextAsync(string packId, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get, $"nexus/influence-pack/{Escape(packId)}/text", RequestHeaders.Read, null, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
