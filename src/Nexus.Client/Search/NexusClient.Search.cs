namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>The cards that match, best first. Viewer. A card is found by the first search after it was stored.</summary>
    public Task<IReadOnlyList<SearchResult>> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/search",
            RequestHeaders.Read,
            CreateContent(query, WireJson.Default.SearchQuery),
            WireJson.Default.SearchResults,
            cancellationToken);
}
