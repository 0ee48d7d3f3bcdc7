namespace Nexus.Client;

/// <summary>Request for a one-time link for setting a new password.</summary>
public sealed record ResetLinkRequest
{
    /// <summary>E-mail address of the user.</summary>
    public required string Email { get; init; }
}

/// <summary>A link that works once. Its token is a secret that only this response contains.</summary>
public sealed record OneTimeLink
{
    /// <summary><c>setup</c>, <c>reset</c> or <c>invitation</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The link to hand to the user.</summary>
    public required string Url { get; init; }

    /// <summary>The token in the link.</summary>
    public required string Token { get; init; }

    /// <summary>When the link expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Redeems a reset or invitation link. The response is an <see cref="AuthSession"/>.</summary>
public sealed record LinkRedemption
{
    /// <summary>The token in the link.</summary>
    public required string Token { get; init; }

    /// <summary>The new password.</summary>
    public required string Password { get; init; }

    /// <summary>Display name; for invitations.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>
/// Initial setup: creates the first user, owner of the tenant and of <c>t_system</c>. The response is an <see cref="AuthSession"/>.
/// </summary>
public sealed record SetupRequest
{
    /// <summary>The token in the setup link.</summary>
    public required string Token { get; init; }

    /// <summary>E-mail address of the first user.</summary>
    public required string Email { get; init; }

    /// <summary>Password of the first user.</summary>
    public required string Password { get; init; }

    /// <summary>Id of the first tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>Display name of the tenant. Default: its id.</summary>
    public string? TenantName { get; init; }
}
