using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Tenants;

/// <summary>
/// Returns which tenants are suspended (only an owner can still reactivate them; cached for up to 5 s), and which ids are taken
/// by tenants without a row.
/// </summary>
internal sealed class TenantDirectory
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic for a changed tenant. The key is its id.</summary>
    public const string Topic = "tenant";

    private readonly Database _database;
    private readonly ReadThroughCache<bool> _suspended;

    /// <summary>Subscribes to changes.</summary>
    public TenantDirectory(Database database, TimeProvider time)
    {
        _database = database;
        _suspended = new ReadThroughCache<bool>(MembershipResolver.MaxAge, time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _suspended.Invalidate(key);
            }
        };
    }

    /// <summary>Returns whether the tenant is suspended. A tenant without a row never is.</summary>
    public ValueTask<bool> IsSuspendedAsync(string tenantId, CancellationToken cancellationToken) =>
        _suspended.GetAsync(tenantId, () => _database.ReadAsync(
            new Scope(tenantId, "prod"),
            async session => (await StoredTenant.FindAsync(session, tenantId))?.Status == "suspended",
            cancellationToken));

    /// <summary>
    /// Returns whether the tenant has a log. A tenant known only from trusted tokens has no row; its log shows that the id is
    /// taken, even after such tokens are no longer accepted.
    /// </summary>
    public async ValueTask<bool> HasLogAsync(string tenantId, CancellationToken cancellationToken) => await _database.ReadAsync(
        new Scope(tenantId, "prod"),
        session => LogHeads.AnyAsync(session, tenantId),
        cancellationToken);
}
