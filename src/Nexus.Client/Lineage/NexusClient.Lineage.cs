namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>What a thing was made of and what was made of it. Viewer. 404 where there is none.</summary>
    public Task<LineageGraph> GetLineageAsync(string kind, string id, int? depth = null, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Get, $"nexus/lineage/{Escape(kind)}/{Escape(id)}" + new QueryStringBuilder().Add("depth", depth), RequestHeaders.Read, null, WireJson.Default.LineageGraph, cancellationToken);
}
