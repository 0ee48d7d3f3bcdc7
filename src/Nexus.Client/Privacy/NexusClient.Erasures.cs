namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>
    /// Requests the erasure of a person from the tenant in all envs. Member for oneself, admin for anybody. Returns a pending erasure if
    /// there is one.
    /// </summary>
    public Task<ErasureState> RequestErasureAsync(string userId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "privacy/erasures",
            RequestHeaders.Mutation,
            CreateContent(new ErasureRequest { UserId = userId }, WireJson.Default.ErasureRequest),
            WireJson.Default.ErasureState,
            cancellationToken);

    /// <summary>Approves the erasure of another person, requested by someone else. Admin.</summary>
    public Task<ErasureState> ApproveErasureAsync(string erasureId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"privacy/erasures/{Escape(erasureId)}/approve",
            RequestHeaders.Mutation,
            null,
            WireJson.Default.ErasureState,
            cancellationToken);

    /// <summary>Returns an erasure with its state and results. Admin, or the requester.</summary>
    public Task<Erasure> GetErasureAsync(string erasureId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            $"privacy/erasures/{Escape(erasureId)}",
            RequestHeaders.Read,
            null,
            WireJson.Default.Erasure,
            cancellationToken);

    /// <summary>Lists erasures requested in the env, newest first. Admin.</summary>
    public IAsyncEnumerable<Erasure> ListErasuresAsync(CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "privacy/erasures", RequestHeaders.Read, new QueryStringBuilder(), WireJson.Default.ErasurePage, cancellationToken);
}
