namespace Nexus.Client;

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
