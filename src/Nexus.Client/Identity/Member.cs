using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>A user's place in a tenant, seen from the user.</summary>
public sealed record Membership
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }
}

/// <summary>A user's place in a tenant, seen from the tenant.</summary>
public sealed record Member
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The user's address, where one is known.</summary>
    public string? Email { get; init; }

    /// <summary>What people call the user.</summary>
    public string? DisplayName { get; init; }

    /// <summary><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }

    /// <summary><c>active</c>, or <c>invited</c> until the invitation is taken.</summary>
    public required string Status { get; init; }

    /// <summary>The invitation, shown once to who invites an unknown address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OneTimeLink? Invitation { get; init; }
}

/// <summary><c>POST /tenants/{tenant_id}/members</c>; an unknown address becomes an invitation.</summary>
public sealed record MemberRequest
{
    /// <summary>The address of who is to become a member.</summary>
    public required string Email { get; init; }

    /// <summary>At most the caller's own role.</summary>
    public required string Role { get; init; }
}

/// <summary><c>PATCH /tenants/{tenant_id}/members/{user_id}</c>.</summary>
public sealed record MemberUpdate
{
    /// <summary>The new role.</summary>
    public required string Role { get; init; }
}
