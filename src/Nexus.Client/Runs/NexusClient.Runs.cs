namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns the newest 1 to 100 runs, newest first. Viewer.</summary>
    public Task<IReadOnlyList<ResearchRun>> ListRunsAsync(int? limit = null, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Get,
            "nexus/runs" + new QueryStringBuilder().Add("limit", limit),
            RequestHeaders.Read,
            null,
            WireJson.Default.ResearchRuns,
            cancellationToken);

    /// <summary>Returns a run with a page of its events. Viewer. 404 if it does not exist.</summary>
    public Task<ResearchRun> GetRunAsync(string runId, string? cursor = null, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Get,
            $"nexus/runs/{Escape(runId)}" + new QueryStringBuilder().Add("cursor", cursor),
            RequestHeaders.Read,
            null,
            WireJson.Default.ResearchRun,
            cancellationToken);
}
