namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>The newest runs, 1 to 100, newest first. Viewer.</summary>
    public Task<IReadOnlyList<ResearchRun>> ListRunsAsync(int? limit = null, CancellationToken cancellation = default) =>
        CallAsync(HttpMethod.Get, "nexus/runs" + new Query().Add("limit", limit), Sends.Read, null, WireJson.Default.ResearchRuns, cancellation);

    /// <summary>A run with a page of its events. Viewer. 404 where there is none.</summary>
    public Task<ResearchRun> GetRunAsync(string runId, string? cursor = null, CancellationToken cancellation = default) =>
        CallAsync(HttpMethod.Get, $"nexus/runs/{Escape(runId)}" + new Query().Add("cursor", cursor), Sends.Read, null, WireJson.Default.ResearchRun, cancellation);
}
