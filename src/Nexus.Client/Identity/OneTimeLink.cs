namespace Nexus.Client;

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
