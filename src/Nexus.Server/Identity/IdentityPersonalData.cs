using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity;

/// <summary>
/// Identity's data about a person: their membership in a tenant, and their account if it belongs to them or this tenant alone.
/// Erased in one transaction.
/// </summary>
internal sealed class IdentityPersonalData(SessionStore sessions, AuthOptions options)
{
    /// <summary>The tables that <see cref="EraseAsync"/> erases from.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "users", "memberships", "sessions", "refresh_tokens", "one_time_links", "invitations", "api_keys",
    ];

    /// <summary>Returns whether the tenant would be left without an owner.</summary>
    public static async ValueTask<bool> IsLastOwnerAsync(WriteSession session, string userId) =>
        await StoredMembership.FindAsync(session, session.Scope.TenantId, userId) is { Role: Nexus.Server.Platform.Tenancy.Role.Owner }
        && !await StoredMembership.HasOtherOwnerAsync(session, session.Scope.TenantId, userId);

    /// <summary>Returns whether the person is an active member of the tenant.</summary>
    public static async ValueTask<bool> IsMemberAsync(ReadSession session, string userId) =>
        (await StoredMembership.ListByUserAsync(session, userId)).Exists(row => row.IsActive && row.TenantId == session.Scope.TenantId);

    /// <summary>
    /// Ends a person's membership and sessions. Also erases their account, if they are in no other tenant and either it was
    /// created through this tenant's invitation or they requested the erasure themselves. An admin cannot delete an account that
    /// the tenant did not create.
    /// </summary>
    /// <param name="session">A cross-tenant transaction of the tenant.</param>
    /// <param name="askedThemself">Whether the person requested the erasure.</param>
    /// <param name="hasActed">Whether the log has events with the person as caller. Then a trusted token may name them again.</param>
    /// <returns>Whether the account was erased.</returns>
    public async ValueTask<bool> EraseAsync(WriteSession session, ErasureContext erasing, bool askedThemself, bool hasActed)
    {
        var (tenant, person) = (session.Scope.TenantId, erasing.UserId);
        var row = await StoredMembership.FindAsync(session, tenant, person);
        var user = await StoredUser.FindAsync(session, person);
        var takesAccount = user is not null && (askedThemself || user.MadeIn == tenant)
            && !(await StoredMembership.ListByUserAsync(session, person)).Exists(other => other.IsActive && other.TenantId != tenant);
        var mayComeBack = options.TrustedHs256Secret is not null || !takesAccount;
        if (row is { IsActive: true } || (row is null && hasActed && options.TrustedHs256Secret is not null))
        {
            var (seq, at) = await erasing.AppendReceiptAsync(session, "membership", null);
            await StoredMembership.UpsertAsync(
                session,
                tenant,
                person,
                row?.Role ?? Nexus.Server.Platform.Tenancy.Role.Viewer,
                active: false,
                at,
                seq);
            await sessions.EndAllAsync(session, person, null, seq);
        }

        if (row is not null && !mayComeBack)
        {
            await session.ExecuteAsync("delete from memberships where tenant_id = @tenant and user_id = @person", new { tenant, person });
        }

        if (user is { Email: not null, Issuer: null })
        {
            await session.ExecuteAsync("delete from invitations where tenant_id = @tenant and email = @Email", new { tenant, user.Email });
        }

        await session.ExecuteAsync(
            "update invitations set created_by = 'erased' where tenant_id = @tenant and created_by = @person",
            new { tenant, person });
        await session.ExecuteAsync(
            "update api_keys set created_by = 'erased' where tenant_id = @tenant and created_by = @person",
            new { tenant, person });
        if (takesAccount)
        {
            await erasing.AppendReceiptAsync(session, "account", null);
            await session.ExecuteAsync(
                "delete from refresh_tokens where session_id in (select session_id from sessions where user_id = @person)",
                new { person });
            await session.ExecuteAsync("delete from sessions where user_id = @person", new { person });
            await session.ExecuteAsync("delete from one_time_links where user_id = @person", new { person });
            await session.ExecuteAsync("delete from users where user_id = @person", new { person });
        }

        await session.NotifyAsync(MembershipResolver.Topic, MembershipResolver.CacheKey(tenant, person));
        return takesAccount;
    }

    /// <summary>Returns identity's records about a person in a tenant as JSON objects, without secrets.</summary>
    /// <param name="session">A cross-tenant session of the tenant.</param>
    public static async ValueTask<List<string>> ReadAsync(ReadSession session, string userId)
    {
        var key = new { session.Scope.TenantId, userId };
        var records = new List<JsonObject>();
        if (await StoredUser.FindAsync(session, userId) is { } user)
        {
            records.Add(
                new JsonObject
                {
                    ["account"] = user.UserId,
                    ["email"] = user.Email,
                    ["display_name"] = user.DisplayName,
                    ["issuer"] = user.Issuer,
                });
            records.AddRange((await session.QueryAsync<(string Id, string Role, string Status, long At)>(
                """
                select invitation_id, role, status, created_at from invitations where tenant_id = @TenantId and email = @Email
                  order by invitation_id
                """,
                new { session.Scope.TenantId, user.Email }))
                .Select(
                    row =>
                        new JsonObject
                        {
                            ["invitation"] = row.Id,
                            ["role"] = row.Role,
                            ["status"] = row.Status,
                            ["created_at"] = Client.UtcTime.Format(Timestamps.FromMicros(row.At)),
                        }));
        }

        records.AddRange((await session.QueryAsync<(string Role, string Status, long At)>(
            "select role, status, created_at from memberships where tenant_id = @TenantId and user_id = @userId", key))
            .Select(
                row =>
                    new JsonObject
                    {
                        ["membership"] = session.Scope.TenantId,
                        ["role"] = row.Role,
                        ["status"] = row.Status,
                        ["created_at"] = Client.UtcTime.Format(Timestamps.FromMicros(row.At)),
                    }));
        records.AddRange(
            (await session.QueryAsync<(string Id, long At)>(
                "select session_id, created_at from sessions where user_id = @userId order by session_id",
                key))
                .Select(
                    row => new JsonObject { ["session"] = row.Id, ["created_at"] = Client.UtcTime.Format(Timestamps.FromMicros(row.At)) }));
        records.AddRange(
            (await session.QueryAsync<(string Id, string Name)>(
                "select key_id, name from api_keys where tenant_id = @TenantId and created_by = @userId order by key_id",
                key))
                .Select(row => new JsonObject { ["api_key"] = row.Id, ["name"] = row.Name }));
        return records.ConvertAll(record => JsonSerializer.Serialize(record, StrictJson.TypeInfo<JsonObject>()));
    }
}
