namespace Nexus.Client;

/// <summary>A tenant.</summary>
public sealed record Tenant
{
    /// <summary><c>t_</c> and 1 to 62 of <c>[a-z0-9_-]</c>.</summary>
    public required string TenantId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was made; null for one that only a trusted token names.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary><c>POST /tenants</c>; the caller becomes the owner, 409 if the id is taken.</summary>
public sealed record TenantRequest
{
    /// <summary>The wanted id.</summary>
    public required string TenantId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }
}

/// <summary><c>PATCH /tenants/{tenant_id}</c>; what is absent or null stays.</summary>
public sealed record TenantUpdate
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public string? Status { get; init; }
}
