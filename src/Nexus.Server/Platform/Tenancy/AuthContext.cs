using System.Collections.Frozen;
using System.Text.Json;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>
/// Who calls, as their verified credential says. Immutable, since one instance is shared by every request that
/// shows the same token. What it says of tenants and roles is a claim: a membership row in the store wins over it.
/// </summary>
internal sealed class AuthContext
{
    /// <summary>The user's id in the store, or <c>key_&lt;id&gt;</c> for an API key.</summary>
    public required string UserId { get; init; }

    /// <summary>For display and invitations; never proof of who someone is.</summary>
    public string? Email { get; init; }

    /// <summary>The tenants the token names, at most <see cref="MaxTenants"/>.</summary>
    public IReadOnlyList<string> TenantIds { get; init; } = [];

    /// <summary>The tenant of a request that names none.</summary>
    public string? DefaultTenantId { get; init; }

    /// <summary>Tenant to role, as the token says.</summary>
    public IReadOnlyDictionary<string, Role> RoleMap { get; init; } = FrozenDictionary<string, Role>.Empty;

    /// <summary><c>password</c>, <c>api_key</c>, <c>hs256</c>, or the URL of the issuer that the user signed in through.</summary>
    public required string Provider { get; init; }

    /// <summary><c>human</c>, <c>agent</c> or <c>system</c>.</summary>
    public string ActorType { get; init; } = ActorTypes.Human;

    /// <summary>The token's payload; undefined for an API key.</summary>
    public JsonElement Claims { get; init; }

    /// <summary>The refresh family of our own tokens: what logging out ends.</summary>
    public string? SessionId { get; init; }

    /// <summary>When the credential ends; <see cref="DateTimeOffset.MaxValue"/> for one that does not.</summary>
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>
    /// True for tokens of the trusted HS256 secret only: <see cref="RoleMap"/> is believed where the store has no row
    /// for this user and tenant.
    /// </summary>
    public bool HasTrustedClaims { get; init; }

    /// <summary>
    /// True for people of an issuer: they are members in <see cref="TenantIds"/>, which its entry names, and nowhere else.
    /// </summary>
    public bool IsLimitedToTenantIds { get; init; }

    /// <summary>The tenant of an API key; null for a person's token.</summary>
    public string? KeyTenantId { get; init; }

    /// <summary>The role of an API key in its tenant; <see cref="Role.None"/> for a person's token.</summary>
    public Role KeyRole { get; init; }

    /// <summary>The env an API key is bound to, if it is bound to one.</summary>
    public string? KeyEnv { get; init; }

    /// <summary>True when the credential is an API key, whose role no membership row decides.</summary>
    public bool IsApiKey => KeyTenantId is not null;

    /// <summary>How many memberships a token holds; a user of more names the tenant when refreshing.</summary>
    public const int MaxTenants = 50;
}

/// <summary>The kinds of caller, as tokens, keys and events spell them.</summary>
internal static class ActorTypes
{
    /// <summary>A person.</summary>
    public const string Human = "human";

    /// <summary>A program acting for someone: what autonomy switches stop.</summary>
    public const string Agent = "agent";

    /// <summary>The platform itself.</summary>
    public const string System = "system";

    /// <summary>Whether this is one of the three spellings.</summary>
    public static bool IsKnown(string? text) => text is Human or Agent or System;
}
