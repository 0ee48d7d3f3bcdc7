namespace Nexus.Client;

/// <summary>Request of <c>POST /auth/signup</c>, available only if sign-up is enabled.</summary>
public sealed record SignupRequest
{
    /// <summary>E-mail address; 409 if it is taken.</summary>
    public required string Email { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <summary>Display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Name of a tenant to create, owned by the new user.</summary>
    public string? TenantName { get; init; }
}

/// <summary>
/// Request of <c>POST /auth/login</c>. 401 <c>auth.invalid</c> does not reveal whether the address or the password was wrong.
/// </summary>
public sealed record LoginRequest
{
    /// <summary>E-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }
}

/// <summary>
/// Request of <c>POST /auth/refresh</c>. Refresh tokens rotate: a second use within 10 s returns another valid token, a later reuse revokes
/// the whole family. A user with more than 50 tenants selects one with <c>X-Tenant-Id</c>.
/// </summary>
public sealed record RefreshRequest
{
    /// <summary>The refresh token of the last response.</summary>
    public required string RefreshToken { get; init; }
}

/// <summary>Request of <c>POST /auth/password</c>. Ends the user's other sessions.</summary>
public sealed record PasswordChange
{
    /// <summary>The current password.</summary>
    public required string CurrentPassword { get; init; }

    /// <summary>The new password.</summary>
    public required string NewPassword { get; init; }
}
