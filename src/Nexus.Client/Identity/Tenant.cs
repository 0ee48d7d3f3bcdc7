namespace Nexus.Client;

/// <summary>A tenant.</summary>
public sealed record Tenant
{
    /// <summary><c>t_</c> and 1 to 62 of <c>[a-z0-9_-]</c>.</summary>
    public required string TenantId { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When the tenant was created; null if it is known only from a trusted token.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>Request of <c>POST /tenants</c>. The caller becomes the owner. 409 if the id is taken.</summary>
public sealed record TenantRequest
{
    /// <summary>Id of the new tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }
}

/// <summary>Request of <c>PATCH /tenants/{tenant_id}</c>. Absent or null properties are unchanged.</summary>
public sealed record TenantUpdate
{
    /// <summary>The new display name.</summary>
    public string? Name { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public string? Status { get; init; }
}
