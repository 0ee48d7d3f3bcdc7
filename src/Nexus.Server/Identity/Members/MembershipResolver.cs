using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>
/// Resolves a caller's current role in a tenant. A stored row, including a revoked one, overrides what a token claims. Cached per
/// tenant and user for <see cref="MaxAge"/>, and invalidated on every node by the transaction that changes it.
/// </summary>
internal sealed class MembershipResolver
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic for a changed membership. The key is <see cref="CacheKey"/>.</summary>
    public const string Topic = "member";

    private readonly Database _database;
    private readonly ReadThroughCache<Row> _cache;

    /// <summary>Subscribes to changes.</summary>
    public MembershipResolver(Database database, TimeProvider time)
    {
        _database = database;
        _cache = new ReadThroughCache<Row>(MaxAge, time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _cache.Invalidate(key);
            }
        };
    }

    /// <summary>How long a node may use a cached role.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Returns the cache key of a member.</summary>
    public static string CacheKey(string tenantId, string userId) => tenantId + " " + userId;

    /// <summary>Returns the caller's role, or <see cref="Role.None"/> if they have none.</summary>
    public async ValueTask<Role> GetRoleAsync(AuthContext auth, string tenantId, CancellationToken cancellationToken)
    {
        if (auth.IsApiKey)
        {
            return auth.KeyTenantId == tenantId ? auth.KeyRole : Role.None;
        }

        if (auth.IsLimitedToTenantIds && !auth.TenantIds.Contains(tenantId))
        {
            return Role.None;
        }

        var row = await _cache.GetAsync(CacheKey(tenantId, auth.UserId), () => ReadAsync(tenantId, auth.UserId, cancellationToken));
        return row.IsKnown ? row.Role
            : auth.HasTrustedClaims && auth.RoleMap.TryGetValue(tenantId, out var claimed) ? claimed
            : Role.None;
    }

    /// <summary>Returns the caller's current memberships, default tenant first.</summary>
    public async ValueTask<List<Membership>> ListAsync(AuthContext auth, CancellationToken cancellationToken)
    {
        if (auth.IsApiKey)
        {
            return [new Membership { TenantId = auth.KeyTenantId!, Role = auth.KeyRole.ToWireName() }];
        }

        var rows = await _database.ReadAsync(
            Scope.System,
            session => StoredMembership.ListByUserAsync(session, auth.UserId),
            cancellationToken);
        var memberships = rows.FindAll(row => row.IsActive && (!auth.IsLimitedToTenantIds || auth.TenantIds.Contains(row.TenantId)))
            .ConvertAll(row => row.ToWire());
        if (auth.HasTrustedClaims)
        {
            memberships.AddRange(auth.RoleMap
                .Where(claim => !rows.Exists(row => row.TenantId == claim.Key))
                .Select(claim => new Membership { TenantId = claim.Key, Role = claim.Value.ToWireName() }));
        }

        return memberships;
    }

    private async ValueTask<Row> ReadAsync(string tenantId, string userId, CancellationToken cancellationToken)
    {
        var found = await _database.ReadAsync(
            new Scope(tenantId, "prod"),
            session =>
                session.FirstOrDefaultAsync<Stored>(
                    "select role, status from memberships where tenant_id = @tenantId and user_id = @userId",
                    new { tenantId, userId }),
            cancellationToken);
        return found is null
            ? default
            : new Row(true, found.Status == "active" && Roles.TryParse(found.Role, out var role) ? role : Role.None);
    }

    private readonly record struct Row(bool IsKnown, Role Role);

    private sealed class Stored
    {
        public string Role { get; init; } = "";

        public string Status { get; init; } = "";
    }
}
