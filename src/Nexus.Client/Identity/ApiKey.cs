namespace Nexus.Client;

/// <summary><c>POST /tenants/{tenant_id}/api-keys</c>.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>What people call the key.</summary>
    public required string Name { get; init; }

    /// <summary>At most the caller's own role.</summary>
    public required string Role { get; init; }

    /// <summary>The only env the key works in; any where absent.</summary>
    public string? Env { get; init; }

    /// <summary><c>agent</c> (where absent) or <c>human</c>.</summary>
    public string? ActorType { get; init; }

    /// <summary>When the key stops working; never where absent.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API key without its secret.</summary>
public sealed record ApiKey
{
    /// <summary>Its id; the key acts as user <c>key_&lt;id&gt;</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>The only tenant it works in.</summary>
    public required string TenantId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Its role in the tenant.</summary>
    public required string Role { get; init; }

    /// <summary>The only env it works in; null for any.</summary>
    public string? Env { get; init; }

    /// <summary><c>agent</c> or <c>human</c>.</summary>
    public required string ActorType { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it stops working; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new API key; the only answer that holds its secret.</summary>
public sealed record CreatedApiKey
{
    /// <summary>Its id; the key acts as user <c>key_&lt;id&gt;</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>The secret, for <c>X-API-Key</c> or <c>Authorization: Bearer</c>; shown once.</summary>
    public required string Key { get; init; }

    /// <summary>The only tenant it works in.</summary>
    public required string TenantId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Its role in the tenant.</summary>
    public required string Role { get; init; }

    /// <summary>The only env it works in; null for any.</summary>
    public string? Env { get; init; }

    /// <summary><c>agent</c> or <c>human</c>.</summary>
    public required string ActorType { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it stops working; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
