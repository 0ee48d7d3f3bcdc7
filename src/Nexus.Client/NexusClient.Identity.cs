namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Makes a user where the service allows it, and signs in.</summary>
    public Task<AuthSession> SignUpAsync(SignupRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/signup",
            Sends.Nothing,
            Body(request, WireJson.Default.SignupRequest),
            WireJson.Default.AuthSession,
            cancellation);

    /// <summary>Signs in. 401 <c>auth.invalid</c>; 429 after too many tries for an account or address.</summary>
    public Task<AuthSession> LogInAsync(LoginRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/login",
            Sends.Nothing,
            Body(request, WireJson.Default.LoginRequest),
            WireJson.Default.AuthSession,
            cancellation);

    /// <summary>Trades a refresh token for new tokens; the old one must not be kept. The client's tenant becomes the default.</summary>
    public Task<AuthSession> RefreshAsync(RefreshRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/refresh",
            Sends.Context,
            Body(request, WireJson.Default.RefreshRequest),
            WireJson.Default.AuthSession,
            cancellation);

    /// <summary>Ends the session of the credential, its refresh tokens included.</summary>
    public Task LogOutAsync(CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Post, "auth/logout", Sends.Credential, null, cancellation);

    /// <summary>Who the credential stands for.</summary>
    public Task<Me> GetMeAsync(CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, "auth/me", Sends.Credential, null, WireJson.Default.Me, cancellation);

    /// <summary>Changes the caller's password.</summary>
    public Task ChangePasswordAsync(PasswordChange request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, "auth/password", Sends.Credential, Body(request, WireJson.Default.PasswordChange), cancellation);

    /// <summary>The caller's tenants.</summary>
    public IAsyncEnumerable<Tenant> ListTenantsAsync(CancellationToken cancellation = default)
        => PagesAsync("tenants", Sends.Credential, new Query(), WireJson.Default.TenantPage, cancellation);

    /// <summary>Makes a tenant, owned by the caller. 409 if the id is taken.</summary>
    public Task<Tenant> CreateTenantAsync(TenantRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            "tenants",
            Sends.Credential | Sends.IdempotencyKey,
            Body(request, WireJson.Default.TenantRequest),
            WireJson.Default.Tenant,
            cancellation);

    /// <summary>Renames, suspends or wakes the client's tenant. Owner.</summary>
    public Task<Tenant> UpdateTenantAsync(string tenantId, TenantUpdate request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Patch,
            $"tenants/{Escape(tenantId)}",
            Sends.Mutation,
            Body(request, WireJson.Default.TenantUpdate),
            WireJson.Default.Tenant,
            cancellation);

    /// <summary>Who belongs to a tenant.</summary>
    public IAsyncEnumerable<Member> ListMembersAsync(string tenantId, CancellationToken cancellation = default)
        => PagesAsync($"tenants/{Escape(tenantId)}/members", Sends.Read, new Query(), WireJson.Default.MemberPage, cancellation);

    /// <summary>Takes someone in, by invitation where the address is unknown. Admin, up to the caller's own role.</summary>
    public Task<Member> AddMemberAsync(string tenantId, MemberRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/members",
            Sends.Mutation,
            Body(request, WireJson.Default.MemberRequest),
            WireJson.Default.Member,
            cancellation);

    /// <summary>Changes a member's role. Admin, up to the caller's own role.</summary>
    public Task<Member> UpdateMemberAsync(
        string tenantId, string userId, MemberUpdate request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Patch,
            $"tenants/{Escape(tenantId)}/members/{Escape(userId)}",
            Sends.Mutation,
            Body(request, WireJson.Default.MemberUpdate),
            WireJson.Default.Member,
            cancellation);

    /// <summary>Takes someone out; refused from then on within 5 s. Admin. The last owner cannot leave.</summary>
    public Task RemoveMemberAsync(string tenantId, string userId, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Delete, $"tenants/{Escape(tenantId)}/members/{Escape(userId)}", Sends.Mutation, null, cancellation);

    /// <summary>Makes a link with which a member of this tenant and no other sets a new password. Admin, up to the caller's own role.</summary>
    public Task<OneTimeLink> CreateResetLinkAsync(string tenantId, ResetLinkRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/reset-links",
            Sends.Mutation,
            Body(request, WireJson.Default.ResetLinkRequest),
            WireJson.Default.OneTimeLink,
            cancellation);

    /// <summary>Makes an API key; its secret is in this answer only. Admin, up to the caller's own role.</summary>
    public Task<CreatedApiKey> CreateApiKeyAsync(string tenantId, ApiKeyRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/api-keys",
            Sends.Mutation,
            Body(request, WireJson.Default.ApiKeyRequest),
            WireJson.Default.CreatedApiKey,
            cancellation);

    /// <summary>A tenant's API keys without their secrets. Admin.</summary>
    public IAsyncEnumerable<ApiKey> ListApiKeysAsync(string tenantId, CancellationToken cancellation = default)
        => PagesAsync($"tenants/{Escape(tenantId)}/api-keys", Sends.Read, new Query(), WireJson.Default.ApiKeyPage, cancellation);

    /// <summary>Ends an API key. Admin.</summary>
    public Task DeleteApiKeyAsync(string tenantId, string keyId, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Delete, $"tenants/{Escape(tenantId)}/api-keys/{Escape(keyId)}", Sends.Mutation, null, cancellation);
}
