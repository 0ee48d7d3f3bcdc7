namespace Nexus.Server.Platform.Storage;

/// <summary>
/// What a read or write may see: one tenant's rows in one env, or the service's own tables.
/// On PostgreSQL row-level security holds every statement to it.
/// </summary>
/// <param name="TenantId">The tenant whose rows are visible and whose log takes the events.</param>
/// <param name="Env">The env whose log takes the events.</param>
/// <param name="CrossTenant">
/// Whether identity tables of all tenants are visible too. Only sign-in, token checks and administration of tenants ask for it.
/// </param>
internal readonly record struct Scope(string TenantId, string Env, bool CrossTenant = false)
{
    /// <summary>Tenant-0, which holds the service's defaults and the log of what belongs to no tenant.</summary>
    public const string SystemTenantId = "t_system";

    /// <summary>The service itself: identity across tenants, with its events in the log of tenant-0.</summary>
    public static Scope System { get; } = new(SystemTenantId, "prod", CrossTenant: true);
}
