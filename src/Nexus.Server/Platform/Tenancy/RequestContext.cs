using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>For whom a request acts: resolved once, checked against the store, and the only source of tenant, env, user and role.</summary>
internal sealed record RequestContext
{
    /// <summary>The tenant, of which the caller is a member.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The caller; <c>key_…</c> for an API key.</summary>
    public required string UserId { get; init; }

    /// <summary>From the membership; <see cref="Role.None"/> where the route needs no tenant.</summary>
    public required Role Role { get; init; }

    /// <summary>Names this request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Names the run it belongs to.</summary>
    public required string TraceId { get; init; }

    /// <summary><c>human</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string ActorType { get; init; }

    /// <summary>What the route does, such as <c>card_create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What the store shows: the tenant's env, or the service's own tables for a route without a tenant.</summary>
    public required Scope Scope { get; init; }

    /// <summary>The verified credential; null for the service's own work.</summary>
    public AuthContext? Auth { get; init; }

    /// <summary>The gates that let it through, in order; they stand in its event.</summary>
    public IReadOnlyList<string> Gates { get; set; } = [];

    /// <summary>What gates refused of the request's parts, such as lines of a batch: counted as refusals of whole requests are.</summary>
    public List<Problem> PartialRefusals { get; } = [];

    /// <summary>The caller's idempotency key, where there is one.</summary>
    public IdempotencyKey? Idempotency { get; set; }

    /// <summary>
    /// The same, seeing the identity rows of all tenants: for administration that must look a person up. Its events stay
    /// in this tenant's log.
    /// </summary>
    public RequestContext AcrossTenants() => this with { Scope = Scope with { CrossTenant = true } };

    /// <summary>Called by the framework for a handler's parameter.</summary>
    public static ValueTask<RequestContext?> BindAsync(HttpContext http) =>
        new(http.Features.Get<RequestContext>() ?? throw new InvalidOperationException("The route is not mapped through the chain."));
}

/// <summary>A key under which an answer is kept for 24 hours.</summary>
/// <param name="Key">As sent.</param>
/// <param name="Route">Method and path: the same key elsewhere is another key.</param>
/// <param name="Fingerprint">SHA-256 of the payload.</param>
internal sealed record IdempotencyKey(string Key, string Route, byte[] Fingerprint);
