namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Creates a pack from search results, within a budget. Member, unless the server is configured otherwise.</summary>
    public Task<InfluencePack> CreatePackAsync(InfluencePackRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/influence-pack",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.InfluencePackRequest),
            WireJson.Default.InfluencePack,
            cancellationToken);

    /// <summary>Returns a pack. Viewer. 404 if it does not exist.</summary>
    public Task<InfluencePack> GetPackAsync(string packId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            $"nexus/influence-pack/{Escape(packId)}",
            RequestHeaders.Read,
            null,
            WireJson.Default.InfluencePack,
            cancellationToken);

    /// <summary>Returns a pack as one text for a prompt, with a source line per card. Viewer.</summary>
    public async Task<string> GetPackTextAsync(string packId, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get, $"nexus/influence-pack/{Escape(packId)}/text", RequestHeaders.Read, null, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
