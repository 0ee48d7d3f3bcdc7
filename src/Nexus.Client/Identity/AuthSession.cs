namespace Nexus.Client;

/// <summary>Response of sign-up, sign-in, refresh and the redemption of a link.</summary>
public sealed record AuthSession
{
    /// <summary>Bearer token for <c>Authorization</c>.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Always <c>bearer</c>.</summary>
    public required string TokenType { get; init; }

    /// <summary>Can be used for one <c>POST /auth/refresh</c>.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>Lifetime of the access token in seconds.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>The signed-in user.</summary>
    public required User User { get; init; }

    /// <summary>The default tenant, if any.</summary>
    public Tenant? Tenant { get; init; }

    /// <summary>The user's memberships, as in the access token.</summary>
    public required IReadOnlyList<Membership> Memberships { get; init; }
}

/// <summary>Response of <c>GET /auth/me</c>: the identity of the credential.</summary>
public sealed record Me
{
    /// <summary>The user or API key.</summary>
    public required User User { get; init; }

    /// <summary>The default tenant, if any.</summary>
    public Tenant? Tenant { get; init; }

    /// <summary>The current memberships.</summary>
    public required IReadOnlyList<Membership> Memberships { get; init; }

    /// <summary><c>human</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string ActorType { get; init; }
}

/// <summary>A person or an API key.</summary>
public sealed record User
{
    /// <summary>Opaque id; <c>key_…</c> for an API key.</summary>
    public required string UserId { get; init; }

    /// <summary>E-mail address; null for an API key.</summary>
    public string? Email { get; init; }

    /// <summary>Display name.</summary>
    public string? DisplayName { get; init; }
}
