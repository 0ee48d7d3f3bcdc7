using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tenants;

/// <summary>A stored tenant.</summary>
internal sealed class StoredTenant
{
    private const string Select =
        "select tenant_id as TenantId, name as Name, status as Status, created_at as CreatedAt from tenants where ";

    public string TenantId { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public string Status { get; init; } = "active";

    /// <summary>Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Returns a tenant, or null if it has no row.</summary>
    public static ValueTask<StoredTenant?> FindAsync(ReadSession session, string tenantId) =>
        session.FirstOrDefaultAsync<StoredTenant>(Select + "tenant_id = @tenantId", new { tenantId });

    /// <summary>Returns the tenants that have a row.</summary>
    public static ValueTask<List<StoredTenant>> FindAsync(ReadSession session, string[] tenantIds) =>
        session.QueryAsync<StoredTenant>(Select + session.In("tenant_id", nameof(tenantIds)), new { tenantIds });

    /// <summary>Returns the ids of all tenants with a row. Needs a cross-tenant scope.</summary>
    public static ValueTask<List<string>> ListIdsAsync(ReadSession session) => session.QueryAsync<string>("select tenant_id from tenants");

    /// <summary>Stores a new tenant. Returns false if the id is taken.</summary>
    public static async ValueTask<bool> InsertAsync(WriteSession session, string tenantId, string name, long now, long seq) =>
        await session.ExecuteAsync(
            """
            insert into tenants (tenant_id, name, status, created_at, seq) values (@tenantId, @name, 'active', @now, @seq)
            on conflict (tenant_id) do nothing
            """,
            new { tenantId, name, now, seq }) == 1;

    /// <summary>Stores a new tenant, where the id is free, and its owner, as part of the event that records it.</summary>
    public static async ValueTask CreateWithOwnerAsync(
        WriteSession session, string tenantId, string name, string ownerId, AppendedEvent recorded)
    {
        await InsertAsync(session, tenantId, name, recorded.RecordedAt, recorded.Seq);
        await StoredMembership.UpsertAsync(session, tenantId, ownerId, Role.Owner, active: true, recorded.RecordedAt, recorded.Seq);
        await session.NotifyAsync(MembershipResolver.Topic, MembershipResolver.CacheKey(tenantId, ownerId));
    }

    /// <summary>The tenant as the wire shows it.</summary>
    public Tenant ToWire() => new()
    {
        TenantId = TenantId,
        Name = Name,
        Status = Status,
        CreatedAt = CreatedAt == 0 ? null : Timestamps.FromMicros(CreatedAt),
    };

    /// <summary>Returns a tenant that only a trusted token names. It has no row and needs none.</summary>
    public static Tenant FromId(string tenantId) => new() { TenantId = tenantId, Name = tenantId, Status = "active" };
}
