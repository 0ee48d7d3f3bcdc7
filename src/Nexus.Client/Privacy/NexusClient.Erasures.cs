namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Asks for a person's erasure from the tenant, in all envs. Member for themself, admin for anybody. One under way is answered again.</summary>
    public Task<ErasureState> RequestErasureAsync(string userId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, "privacy/erasures", RequestHeaders.Mutation, CreateContent(new ErasureRequest { UserId = userId }, WireJson.Default.ErasureRequest), WireJson.Default.ErasureState, cancellationToken);

    /// <summary>Approves an erasure that somebody else asked for, of somebody else. Admin.</summary>
    public Task<ErasureState> ApproveErasureAsync(string erasureId, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Post, $"privacy/erasures/{Escape(erasureId)}/approve", RequestHeaders.Mutation, null, WireJson.Default.ErasureState, cancellationToken);

    /// <summary>An erasure: how far it is, and what it has done. Admin, or whoever asked for it.</summary>
    public Task<Erasure> GetErasureAsync(string erasureId, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, $"privacy/erasures/{Escape(erasureId)}", RequestHeaders.Read, null, WireJson.Default.Erasure, cancellationToken);

    /// <summary>Erasures that were asked for in the env, newest first. Admin.</summary>
    public IAsyncEnumerable<Erasure> ListErasuresAsync(CancellationToken cancellationToken = default)
        => EnumeratePagesAsync("privacy/erasures", RequestHeaders.Read, new QueryStringBuilder(), WireJson.Default.ErasurePage, cancellationToken);
}
