namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Makes a user where the service allows it, and signs in.</summary>
    public Task<AuthSession> SignUpAsync(SignupRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/signup",
            RequestHeaders.None,
            CreateContent(request, WireJson.Default.SignupRequest),
            WireJson.Default.AuthSession,
            cancellationToken);

    /// <summary>Signs in. 401 <c>auth.invalid</c>; 429 after too many tries for an account or address.</summary>
    public Task<AuthSession> LogInAsync(LoginRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/login",
            RequestHeaders.None,
            CreateContent(request, WireJson.Default.LoginRequest),
            WireJson.Default.AuthSession,
            cancellationToken);

    /// <summary>Trades a refresh token for new tokens; the old one must not be kept. The client's tenant becomes the default.</summary>
    public Task<AuthSession> RefreshAsync(RefreshRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/refresh",
            RequestHeaders.Context,
            CreateContent(request, WireJson.Default.RefreshRequest),
            WireJson.Default.AuthSession,
            cancellationToken);

    /// <summary>Ends the session of the credential, its refresh tokens included.</summary>
    public Task LogOutAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Post, "auth/logout", RequestHeaders.Credential, null, cancellationToken);

    /// <summary>Who the credential stands for.</summary>
    public Task<Me> GetMeAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, "auth/me", RequestHeaders.Credential, null, WireJson.Default.Me, cancellationToken);

    /// <summary>Changes the caller's password.</summary>
    public Task ChangePasswordAsync(PasswordChange request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, "auth/password", RequestHeaders.Credential, CreateContent(request, WireJson.Default.PasswordChange), cancellationToken);

    /// <summary>The caller's tenants.</summary>
    public IAsyncEnumerable<Tenant> ListTenantsAsync(CancellationToken cancellationToken = default)
        => EnumeratePagesAsync("tenants", RequestHeaders.Credential, new QueryStringBuilder(), WireJson.Default.TenantPage, cancellationToken);

    /// <summary>Makes a tenant, owned by the caller. 409 if the id is taken.</summary>
    public Task<Tenant> CreateTenantAsync(TenantRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "tenants",
            RequestHeaders.Credential | RequestHeaders.IdempotencyKey,
            CreateContent(request, WireJson.Default.TenantRequest),
            WireJson.Default.Tenant,
            cancellationToken);

    /// <summary>Renames, suspends or wakes the client's tenant. Owner.</summary>
    public Task<Tenant> UpdateTenantAsync(string tenantId, TenantUpdate request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Patch,
            $"tenants/{Escape(tenantId)}",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.TenantUpdate),
            WireJson.Default.Tenant,
            cancellationToken);

    /// <summary>Who belongs to a tenant.</summary>
    public IAsyncEnumerable<Member> ListMembersAsync(string tenantId, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync($"tenants/{Escape(tenantId)}/members", RequestHeaders.Read, new QueryStringBuilder(), WireJson.Default.MemberPage, cancellationToken);

    /// <summary>Takes someone in, by invitation where the address is unknown. Admin, up to the caller's own role.</summary>
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

    /// <summary>Takes someone out; refused from then on within 5 s. Admin. The last owner cannot leave.</summary>
    public Task RemoveMemberAsync(string tenantId, string userId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Delete, $"tenants/{Escape(tenantId)}/members/{Escape(userId)}", RequestHeaders.Mutation, null, cancellationToken);

    /// <summary>Makes a link with which a member of this tenant and no other sets a new password. Admin, up to the caller's own role.</summary>
    public Task<OneTimeLink> CreateResetLinkAsync(string tenantId, ResetLinkRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/reset-links",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.ResetLinkRequest),
            WireJson.Default.OneTimeLink,
            cancellationToken);

    /// <summary>Makes an API key; its secret is in this answer only. Admin, up to the caller's own role.</summary>
    public Task<CreatedApiKey> CreateApiKeyAsync(string tenantId, ApiKeyRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/api-keys",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.ApiKeyRequest),
            WireJson.Default.CreatedApiKey,
            cancellationToken);

    /// <summary>A tenant's API keys without their secrets. Admin.</summary>
    public IAsyncEnumerable<ApiKey> ListApiKeysAsync(string tenantId, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync($"tenants/{Escape(tenantId)}/api-keys", RequestHeaders.Read, new QueryStringBuilder(), WireJson.Default.ApiKeyPage, cancellationToken);

    /// <summary>Ends an API key. Admin.</summary>
    public Task DeleteApiKeyAsync(string tenantId, string keyId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Delete, $"tenants/{Escape(tenantId)}/api-keys/{Escape(keyId)}", RequestHeaders.Mutation, null, cancellationToken);
}
