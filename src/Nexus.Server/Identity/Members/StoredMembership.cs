using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>A user's membership in a tenant. A revoked row remains and overrides what a token claims.</summary>
internal sealed class StoredMembership
{
    private const string Select =
        "select tenant_id as TenantId, user_id as UserId, role as RoleName, status as Status from memberships where ";

    public string TenantId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The wire name of the role.</summary>
    public string RoleName { get; init; } = "";

    /// <summary><c>active</c> or <c>revoked</c>.</summary>
    public string Status { get; init; } = "";

    public bool IsActive => Status == "active";

    /// <summary>The role; <see cref="Role.None"/> if the membership was revoked.</summary>
    public Role Role => IsActive && Roles.TryParse(RoleName, out var role) ? role : Role.None;

    /// <summary>Returns a user's row in a tenant, or null. The row is locked until the commit.</summary>
    public static ValueTask<StoredMembership?> FindAsync(WriteSession session, string tenantId, string userId) =>
        session.FirstOrDefaultAsync<StoredMembership>(
            Select + "tenant_id = @tenantId and user_id = @userId" + session.ForUpdate,
            new { tenantId, userId });

    /// <summary>
    /// Returns all rows of a user, including revoked ones. The first active one is their default tenant: the first they joined,
    /// and tenant-0 only if there is no other.
    /// </summary>
    public static ValueTask<List<StoredMembership>> ListByUserAsync(ReadSession session, string userId) =>
        session.QueryAsync<StoredMembership>(
            Select + $"user_id = @userId order by case when tenant_id = '{Scope.SystemTenantId}' then 1 else 0 end, created_at, tenant_id",
            new { userId });

    /// <summary>Inserts or updates a row.</summary>
    public static ValueTask<int> UpsertAsync(
        WriteSession session, string tenantId, string userId, Role role, bool active, long now, long seq) =>
        session.ExecuteAsync(
            """
            insert into memberships (tenant_id, user_id, role, status, created_at, seq)
            values (@tenantId, @userId, @role, @status, @now, @seq)
            on conflict (tenant_id, user_id) do update set role = excluded.role, status = excluded.status, seq = excluded.seq
            """,
            new { tenantId, userId, role = role.ToWireName(), status = active ? "active" : "revoked", now, seq });

    /// <summary>
    /// Returns whether the tenant has another active owner. The owners' rows stay locked until the commit. Otherwise two owners
    /// leaving at the same time on two nodes would each count the other.
    /// </summary>
    public static async ValueTask<bool> HasOtherOwnerAsync(WriteSession session, string tenantId, string userId) =>
        (await session.QueryAsync<string>(
            "select user_id from memberships where tenant_id = @tenantId and role = 'owner' and status = 'active' order by user_id"
                + session.ForUpdate,
            new { tenantId })).Exists(owner => owner != userId);

    public Membership ToWire() => new() { TenantId = TenantId, Role = RoleName };
}
