namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Lists the caller's tenants.</summary>
    public IAsyncEnumerable<Tenant> ListTenantsAsync(CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "tenants", RequestHeaders.Credential, new QueryStringBuilder(), WireJson.Default.TenantPage, cancellationToken);

    /// <summary>Creates a tenant owned by the caller. 409 if the id is taken.</summary>
    public Task<Tenant> CreateTenantAsync(TenantRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "tenants",
            RequestHeaders.Credential | RequestHeaders.IdempotencyKey,
            CreateContent(request, WireJson.Default.TenantRequest),
            WireJson.Default.Tenant,
            cancellationToken);

    /// <summary>Renames, suspends or reactivates a tenant. Owner.</summary>
    public Task<Tenant> UpdateTenantAsync(string tenantId, TenantUpdate request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Patch,
            $"tenants/{Escape(tenantId)}",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.TenantUpdate),
            WireJson.Default.Tenant,
            cancellationToken);
}
