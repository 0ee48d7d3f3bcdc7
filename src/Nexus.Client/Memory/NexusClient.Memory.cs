namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Adds a turn to the end of a session. Member. 409 <c>memory.session_taken</c> where the id is somebody else's.</summary>
    public Task<SessionTurn> AddTurnAsync(string sessionId, SessionTurnRequest turn, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Post, $"nexus/memory/session/{Escape(sessionId)}/turn", RequestHeaders.Mutation, CreateContent(turn, WireJson.Default.SessionTurnRequest), WireJson.Default.SessionTurn, cancellationToken);

    /// <summary>A page of a session's turns, from the first on or, with <paramref name="last"/>, from the last back. Viewer.</summary>
    public Task<SessionSnapshot> GetSessionAsync(string sessionId, int? last = null, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Get,
            $"nexus/memory/session/{Escape(sessionId)}" + new QueryStringBuilder().Add("last", last).Add("limit", limit).Add("cursor", cursor),
            RequestHeaders.Read,
            null,
            WireJson.Default.SessionSnapshot,
            cancellationToken);
}
