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
