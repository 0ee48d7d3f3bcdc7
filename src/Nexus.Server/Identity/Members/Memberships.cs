using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>
/// The role that a caller has in a tenant now. A row of the store wins over what a token claims, a revoked one included.
/// Cached by tenant and user for <see cref="MaxAge"/> and dropped by the write that changes it, on every node.
/// </summary>
internal sealed class Memberships
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic of a changed membership; the key is <see cref="Key"/>.</summary>
    public const string Topic = "member";

    private readonly Database _database;
    private readonly Cached<Row> _rows;

    /// <summary>Listens for changes.</summary>
    public Memberships(Database database, TimeProvider time)
    {
        _database = database;
        _rows = new Cached<Row>(MaxAge, time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _rows.Drop(key);
            }
        };
    }

    /// <summary>How long a node may believe what it read.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The cache key of a member.</summary>
    public static string Key(string tenantId, string userId) => tenantId + " " + userId;

    /// <summary>The caller's role, <see cref="Role.None"/> where they have none.</summary>
    public async ValueTask<Role> RoleAsync(AuthContext auth, string tenantId, CancellationToken cancellation)
    {
        if (auth.IsApiKey)
        {
            return auth.KeyTenantId == tenantId ? auth.KeyRole : Role.None;
        }

        if (auth.TenantsAreBound && !auth.TenantIds.Contains(tenantId))
        {
            return Role.None;
        }

        var row = await _rows.GetAsync(Key(tenantId, auth.UserId), () => ReadAsync(tenantId, auth.UserId, cancellation));
        return row.IsKnown ? row.Role
            : auth.ClaimsAreTrusted && auth.RoleMap.TryGetValue(tenantId, out var claimed) ? claimed
            : Role.None;
    }

    /// <summary>The tenants that the caller is a member of now, their default one first.</summary>
    public async ValueTask<List<Membership>> OfAsync(AuthContext auth, CancellationToken cancellation)
    {
        if (auth.IsApiKey)
        {
            return [new Membership { TenantId = auth.KeyTenantId!, Role = auth.KeyRole.Name() }];
        }

        var rows = await _database.ReadAsync(Scope.System, session => StoredMembership.OfUserAsync(session, auth.UserId), cancellation);
        var memberships = rows.FindAll(row => row.IsActive && (!auth.TenantsAreBound || auth.TenantIds.Contains(row.TenantId))).ConvertAll(row => row.ToWire());
        if (auth.ClaimsAreTrusted)
        {
            memberships.AddRange(auth.RoleMap
                .Where(claim => !rows.Exists(row => row.TenantId == claim.Key))
                .Select(claim => new Membership { TenantId = claim.Key, Role = claim.Value.Name() }));
        }

        return memberships;
    }

    private async ValueTask<Row> ReadAsync(string tenantId, string userId, CancellationToken cancellation)
    {
        var found = await _database.ReadAsync(
            new Scope(tenantId, "prod"),
            session => session.FirstAsync<Stored>("select role, status from memberships where tenant_id = @tenantId and user_id = @userId", new { tenantId, userId }),
            cancellation);
        return found is null ? default : new Row(true, found.Status == "active" && Roles.TryParse(found.Role, out var role) ? role : Role.None);
    }

    private readonly record struct Row(bool IsKnown, Role Role);

    private sealed class Stored
    {
        public string Role { get; init; } = "";

        public string Status { get; init; } = "";
    }
}
