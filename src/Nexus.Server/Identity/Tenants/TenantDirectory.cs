using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Tenants;

/// <summary>Which tenants are suspended (closed to everybody but for the owner who opens them again; up to 5 s old), and which ids are taken by one without a row.</summary>
internal sealed class TenantDirectory
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic of a changed tenant; the key is its id.</summary>
    public const string Topic = "tenant";

    private readonly Database _database;
    private readonly ReadThroughCache<bool> _suspended;

    /// <summary>Listens for changes.</summary>
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

    /// <summary>Whether the tenant has a row that says so. One that only a trusted token names has none.</summary>
    public ValueTask<bool> IsSuspendedAsync(string tenantId, CancellationToken cancellationToken) =>
        _suspended.GetAsync(tenantId, () => _database.ReadAsync(
            new Scope(tenantId, "prod"),
            async session => (await StoredTenant.FindAsync(session, tenantId))?.Status == "suspended",
            cancellationToken));

    /// <summary>
    /// Whether anything stands in a log of this tenant. One that only trusted tokens name has no row, so this is how it is
    /// known that its id is taken, also after such tokens are believed no more.
    /// </summary>
    public async ValueTask<bool> HasLogAsync(string tenantId, CancellationToken cancellationToken) => await _database.ReadAsync(
        new Scope(tenantId, "prod"),
        session => session.FirstOrDefaultAsync<int>("select 1 from log_heads where tenant_id = @tenantId limit 1", new { tenantId }),
        cancellationToken) == 1;
}
