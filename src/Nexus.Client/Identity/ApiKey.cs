namespace Nexus.Client;

/// <summary>Request of <c>POST /tenants/{tenant_id}/api-keys</c>.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>The role; not above the caller's own.</summary>
    public required string Role { get; init; }

    /// <summary>The only env in which the key works. Default: all.</summary>
    public string? Env { get; init; }

    /// <summary><c>agent</c> (default) or <c>human</c>.</summary>
    public string? ActorType { get; init; }

    /// <summary>When the key expires. Default: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API key without its secret.</summary>
public sealed record ApiKey
{
    /// <summary>Id of the key, which acts as user <c>key_&lt;id&gt;</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>The only tenant in which the key works.</summary>
    public required string TenantId { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>The role in the tenant.</summary>
    public required string Role { get; init; }

    /// <summary>The only env in which the key works; null for all.</summary>
    public string? Env { get; init; }

    /// <summary><c>agent</c> or <c>human</c>.</summary>
    public required string ActorType { get; init; }

    /// <summary>When the key was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who created the key.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When the key expires; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new API key. Only this response contains its secret.</summary>
public sealed record CreatedApiKey
{
    /// <summary>Id of the key, which acts as user <c>key_&lt;id&gt;</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>The secret, for <c>X-API-Key</c> or <c>Authorization: Bearer</c>; shown once.</summary>
    public required string Key { get; init; }

    /// <summary>The only tenant in which the key works.</summary>
    public required string TenantId { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>The role in the tenant.</summary>
    public required string Role { get; init; }

    /// <summary>The only env in which the key works; null for all.</summary>
    public string? Env { get; init; }

    /// <summary><c>agent</c> or <c>human</c>.</summary>
    public required string ActorType { get; init; }

    /// <summary>When the key was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who created the key.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When the key expires; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
