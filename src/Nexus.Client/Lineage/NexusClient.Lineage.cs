namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns what an object was made from and what was made from it. Viewer. 404 if it does not exist.</summary>
    public Task<LineageGraph> GetLineageAsync(string kind, string id, int? depth = null, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Get,
            $"nexus/lineage/{Escape(kind)}/{Escape(id)}" + new QueryStringBuilder().Add("depth", depth),
            RequestHeaders.Read,
            null,
            WireJson.Default.LineageGraph,
            cancellationToken);
}
