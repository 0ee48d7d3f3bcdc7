namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns the matching cards, best first. Viewer. A card can be found as soon as it is created.</summary>
    public Task<IReadOnlyList<SearchResult>> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/search",
            RequestHeaders.Read,
            CreateContent(query, WireJson.Default.SearchQuery),
            WireJson.Default.SearchResults,
            cancellationToken);
}
