using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>A person's place in a tenant. A row that was revoked stays, and wins over what a token claims.</summary>
internal sealed class StoredMembership
{
    private const string Select = "select tenant_id as TenantId, user_id as UserId, role as RoleName, status as Status from memberships where ";

    /// <summary>The tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>The person.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The role's name.</summary>
    public string RoleName { get; init; } = "";

    /// <summary><c>active</c> or <c>revoked</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether it counts.</summary>
    public bool IsActive => Status == "active";

    /// <summary>The role, <see cref="Role.None"/> if the row was revoked.</summary>
    public Role Role => IsActive && Roles.TryParse(RoleName, out var role) ? role : Role.None;

    /// <summary>One person's row in one tenant, locked against change until the commit.</summary>
    public static ValueTask<StoredMembership?> FindAsync(WriteSession session, string tenantId, string userId) =>
        session.FirstOrDefaultAsync<StoredMembership>(Select + "tenant_id = @tenantId and user_id = @userId" + session.ForUpdate, new { tenantId, userId });

    /// <summary>
    /// All rows of a person, revoked ones included; the first active one is their default tenant: the one they joined
    /// first, and tenant-0 only where there is no other.
    /// </summary>
    public static ValueTask<List<StoredMembership>> ListByUserAsync(ReadSession session, string userId) =>
        session.QueryAsync<StoredMembership>(
            Select + $"user_id = @userId order by case when tenant_id = '{Scope.SystemTenantId}' then 1 else 0 end, created_at, tenant_id", new { userId });

    /// <summary>Makes or changes a row.</summary>
    public static ValueTask<int> UpsertAsync(WriteSession session, string tenantId, string userId, Role role, bool active, long now, long seq) =>
        session.ExecuteAsync(
            """
            insert into memberships (tenant_id, user_id, role, status, created_at, seq)
            values (@tenantId, @userId, @role, @status, @now, @seq)
            on conflict (tenant_id, user_id) do update set role = excluded.role, status = excluded.status, seq = excluded.seq
            """,
            new { tenantId, userId, role = role.ToWireName(), status = active ? "active" : "revoked", now, seq });

    /// <summary>
    /// Whether the tenant has an active owner besides this person. The owners' rows stay locked until the commit, so
    /// two owners who leave at once on two nodes do not both find the other.
    /// </summary>
    public static async ValueTask<bool> HasOtherOwnerAsync(WriteSession session, string tenantId, string userId) =>
        (await session.QueryAsync<string>(
            "select user_id from memberships where tenant_id = @tenantId and role = 'owner' and status = 'active' order by user_id" + session.ForUpdate,
            new { tenantId })).Exists(owner => owner != userId);

    /// <summary>The row as its person sees it.</summary>
    public Membership ToWire() => new() { TenantId = TenantId, Role = RoleName };
}
