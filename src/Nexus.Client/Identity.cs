using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary><c>POST /auth/signup</c>, open only where the service allows it.</summary>
public sealed record SignupRequest
{
    /// <summary>The new user's address; 409 if taken.</summary>
    public required string Email { get; init; }

    /// <summary>The new user's password.</summary>
    public required string Password { get; init; }

    /// <summary>What people call the user.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Name of a tenant to make, owned by the new user.</summary>
    public string? TenantName { get; init; }
}

/// <summary><c>POST /auth/login</c>; 401 <c>auth.invalid</c> says nothing about which half was wrong.</summary>
public sealed record LoginRequest
{
    /// <summary>The user's address.</summary>
    public required string Email { get; init; }

    /// <summary>The user's password.</summary>
    public required string Password { get; init; }
}

/// <summary>
/// <c>POST /auth/refresh</c>. The token rotates: a second use within 10 s gets a sibling, a later one revokes the family.
/// A user of more than 50 tenants names the wanted one with <c>X-Tenant-Id</c>.
/// </summary>
public sealed record RefreshRequest
{
    /// <summary>The refresh token of the last answer.</summary>
    public required string RefreshToken { get; init; }
}

/// <summary><c>POST /auth/password</c>; other sessions of the user end.</summary>
public sealed record PasswordChange
{
    /// <summary>The password until now.</summary>
    public required string CurrentPassword { get; init; }

    /// <summary>The password from now on.</summary>
    public required string NewPassword { get; init; }
}

/// <summary>What signing up, signing in, refreshing and redeeming a link answer.</summary>
public sealed record AuthSession
{
    /// <summary>Bearer token for <c>Authorization</c>.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Always <c>bearer</c>.</summary>
    public required string TokenType { get; init; }

    /// <summary>Good for one <c>POST /auth/refresh</c>.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>Seconds the access token is good for.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>Who signed in.</summary>
    public required User User { get; init; }

    /// <summary>The default tenant; null where the user has none.</summary>
    public Tenant? Tenant { get; init; }

    /// <summary>The user's memberships, as the access token holds them.</summary>
    public required IReadOnlyList<Membership> Memberships { get; init; }
}

/// <summary><c>GET /auth/me</c>: who the credential stands for.</summary>
public sealed record Me
{
    /// <summary>The user, or an API key as one.</summary>
    public required User User { get; init; }

    /// <summary>The default tenant; null where there is none.</summary>
    public Tenant? Tenant { get; init; }

    /// <summary>The memberships that hold now.</summary>
    public required IReadOnlyList<Membership> Memberships { get; init; }

    /// <summary><c>human</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string ActorType { get; init; }
}

/// <summary>A person, or an API key where it acts.</summary>
public sealed record User
{
    /// <summary>Opaque id; <c>key_…</c> for an API key.</summary>
    public required string UserId { get; init; }

    /// <summary>The address; null for an API key.</summary>
    public string? Email { get; init; }

    /// <summary>What people call the user.</summary>
    public string? DisplayName { get; init; }
}

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

/// <summary>Asks for a one-time link with which a user sets a new password.</summary>
public sealed record ResetLinkRequest
{
    /// <summary>The user's address.</summary>
    public required string Email { get; init; }
}

/// <summary>A link that works once. Its token is a secret and is shown only here.</summary>
public sealed record OneTimeLink
{
    /// <summary><c>setup</c>, <c>reset</c> or <c>invitation</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The link to hand over.</summary>
    public required string Url { get; init; }

    /// <summary>The token in the link.</summary>
    public required string Token { get; init; }

    /// <summary>When it stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Redeems a reset or invitation link; answers a <see cref="AuthSession"/>.</summary>
public sealed record LinkRedemption
{
    /// <summary>The token in the link.</summary>
    public required string Token { get; init; }

    /// <summary>The user's new password.</summary>
    public required string Password { get; init; }

    /// <summary>What people call the user; for invitations.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>First-start setup: makes the first user, owner of the tenant and of <c>t_system</c>; answers a <see cref="AuthSession"/>.</summary>
public sealed record SetupRequest
{
    /// <summary>The token of the printed link.</summary>
    public required string Token { get; init; }

    /// <summary>The first user's address.</summary>
    public required string Email { get; init; }

    /// <summary>The first user's password.</summary>
    public required string Password { get; init; }

    /// <summary>Id of the first tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>What people call the tenant; its id where absent.</summary>
    public string? TenantName { get; init; }
}

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
