using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>A membership of a user.</summary>
public sealed record Membership
{
    /// <summary>Id of the tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }
}

/// <summary>A member of a tenant.</summary>
public sealed record Member
{
    /// <summary>Id of the user.</summary>
    public required string UserId { get; init; }

    /// <summary>E-mail address, if known.</summary>
    public string? Email { get; init; }

    /// <summary>Display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }

    /// <summary><c>active</c>, or <c>invited</c> until the invitation is accepted.</summary>
    public required string Status { get; init; }

    /// <summary>The invitation link; only in the response that creates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OneTimeLink? Invitation { get; init; }
}

/// <summary>Request of <c>POST /tenants/{tenant_id}/members</c>. An address without an account gets an invitation.</summary>
public sealed record MemberRequest
{
    /// <summary>E-mail address of the new member.</summary>
    public required string Email { get; init; }

    /// <summary>The role; not above the caller's own.</summary>
    public required string Role { get; init; }
}

/// <summary>Request of <c>PATCH /tenants/{tenant_id}/members/{user_id}</c>.</summary>
public sealed record MemberUpdate
{
    /// <summary>The new role.</summary>
    public required string Role { get; init; }
}
