namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Creates an API key. Only this response contains its secret. Admin, up to the caller's own role.</summary>
    public Task<CreatedApiKey> CreateApiKeyAsync(string tenantId, ApiKeyRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"tenants/{Escape(tenantId)}/api-keys",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.ApiKeyRequest),
            WireJson.Default.CreatedApiKey,
            cancellationToken);

    /// <summary>Lists a tenant's API keys without their secrets. Admin.</summary>
    public IAsyncEnumerable<ApiKey> ListApiKeysAsync(string tenantId, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            $"tenants/{Escape(tenantId)}/api-keys",
            RequestHeaders.Read,
            new QueryStringBuilder(),
            WireJson.Default.ApiKeyPage,
            cancellationToken);

    /// <summary>Revokes an API key. Admin.</summary>
    public Task DeleteApiKeyAsync(string tenantId, string keyId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Delete, $"tenants/{Escape(tenantId)}/api-keys/{Escape(keyId)}", RequestHeaders.Mutation, null, cancellationToken);
}
