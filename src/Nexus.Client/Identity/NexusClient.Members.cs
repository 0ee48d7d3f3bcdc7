namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Lists the members of a tenant.</summary>
    public IAsyncEnumerable<Member> ListMembersAsync(string tenantId, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            $"tenants/{Escape(tenantId)}/members",
            RequestHeaders.Read,
            new QueryStringBuilder(),
            WireJson.Default.MemberPage,
            cancellationToken);

    /// <summary>Adds a member, or invites an address without an account. Admin, up to the caller's own role.</summary>
    public Task<Member> AddMemberAsync(string tenantId, MemberRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/members",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.MemberRequest),
            WireJson.Default.Member,
            cancellationToken);

    /// <summary>Changes a member's role. Admin, up to the caller's own role.</summary>
    public Task<Member> UpdateMemberAsync(
        string tenantId, string userId, MemberUpdate request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Patch,
            $"tenants/{Escape(tenantId)}/members/{Escape(userId)}",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.MemberUpdate),
            WireJson.Default.Member,
            cancellationToken);

    /// <summary>Removes a member, who loses access within 5 s. Admin. The last owner cannot be removed.</summary>
    public Task RemoveMemberAsync(string tenantId, string userId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Delete, $"tenants/{Escape(tenantId)}/members/{Escape(userId)}", RequestHeaders.Mutation, null, cancellationToken);

    /// <summary>
    /// Creates a link for setting a new password, for a member of this tenant and no other. Admin, up to the caller's own role.
    /// </summary>
    public Task<OneTimeLink> CreateResetLinkAsync(string tenantId, ResetLinkRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/reset-links",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.ResetLinkRequest),
            WireJson.Default.OneTimeLink,
            cancellationToken);
}
