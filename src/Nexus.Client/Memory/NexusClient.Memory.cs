namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Appends a turn to a session. Member. 409 <c>memory.session_taken</c> if the session belongs to someone else.</summary>
    public Task<SessionTurn> AddTurnAsync(string sessionId, SessionTurnRequest turn, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Post,
            $"nexus/memory/session/{Escape(sessionId)}/turn",
            RequestHeaders.Mutation,
            CreateContent(turn, WireJson.Default.SessionTurnRequest),
            WireJson.Default.SessionTurn,
            cancellationToken);

    /// <summary>Returns a page of a session's turns from the first, or with <paramref name="last"/> the last ones. Viewer.</summary>
    public Task<SessionSnapshot> GetSessionAsync(
        string sessionId, int? last = null, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Get,
            $"nexus/memory/session/{Escape(sessionId)}" + new QueryStringBuilder().Add("last", last)
                .Add("limit", limit).Add("cursor", cursor),
            RequestHeaders.Read,
            null,
            WireJson.Default.SessionSnapshot,
            cancellationToken);
}
