using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>
/// A tenant's members and open invitations. The row of a removed member remains, marked as revoked, because a token may still
/// claim the membership. For the same reason an owner can create a row for a user known only from trusted tokens.
/// </summary>
internal sealed class MemberStore(Database database, EventLog log, AuthOptions options, TimeProvider time)
{
    /// <summary>The prefix of invitation ids in a list of members.</summary>
    private const string InvitationIdPrefix = "inv_";

    /// <summary>Returns a page of members and open invitations, ordered by id.</summary>
    public async ValueTask<List<Member>> ListAsync(RequestContext context, string? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            context.Scope,
            session => session.QueryAsync<Row>(
                """
                select user_id as Id, role as Role, null as Email from memberships
                where tenant_id = @TenantId and status = 'active' and user_id > @after
                union all
                select 'inv_' || invitation_id as Id, role as Role, email as Email from invitations
                where tenant_id = @TenantId and status = 'open' and expires_at > @now and 'inv_' || invitation_id > @after
                order by Id limit @limit
                """,
                new { context.TenantId, after = after ?? "", limit, now = time.GetUtcNowMicros() }),
            cancellationToken);
        var people = await database.ReadAsync(
            Scope.System,
            session => StoredUser.FindAsync(session, [.. rows.Select(row => row.Id)]),
            cancellationToken);
        return rows.ConvertAll(row =>
        {
            var person = people.Find(user => user.UserId == row.Id);
            return new Member
            {
                UserId = row.Id,
                Email = row.Email ?? person?.Email,
                DisplayName = person?.DisplayName,
                Role = row.Role,
                Status = row.Email is null ? "active" : "invited",
            };
        });
    }

    /// <summary>Adds the user with an address as a member, or invites the address if there is no such user.</summary>
    /// <exception cref="ProblemException">409: already a member.</exception>
    public async ValueTask<Member> AddAsync(WriteSession session, RequestContext context, string email, Role role, string url)
    {
        if (await StoredUser.FindByEmailAsync(session, email) is not { } user)
        {
            return await InviteAsync(session, context, Emails.Normalize(email), role, url);
        }

        if (await StoredMembership.FindAsync(session, context.TenantId, user.UserId) is { IsActive: true })
        {
            throw new ProblemException(IdentityProblems.AlreadyMember);
        }

        await PutAsync(session, context, "member_added", user.UserId, role);
        return new Member
        {
            UserId = user.UserId,
            Email = user.Email,
            DisplayName = user.DisplayName,
            Role = role.ToWireName(),
            Status = "active",
        };
    }

    /// <summary>Changes a member's role.</summary>
    /// <param name="session">A cross-tenant transaction of the tenant.</param>
    /// <exception cref="ProblemException">404; 403 if the member's role is stronger than the caller's; 409 for the last owner.</exception>
    public async ValueTask<Member> UpdateAsync(WriteSession session, RequestContext context, string userId, Role role)
    {
        await CheckChangeAsync(session, context, userId, role);
        await PutAsync(session, context, "member_updated", userId, role);
        var user = await StoredUser.FindAsync(session, userId);
        return new Member
        {
            UserId = userId,
            Email = user?.Email,
            DisplayName = user?.DisplayName,
            Role = role.ToWireName(),
            Status = "active",
        };
    }

    /// <summary>Removes a member, or withdraws an invitation.</summary>
    /// <param name="session">A cross-tenant transaction of the tenant.</param>
    /// <param name="userId">The member's id, or an invitation's id as listed.</param>
    /// <exception cref="ProblemException">404; 403 if the member's role is stronger than the caller's; 409 for the last owner.</exception>
    public async ValueTask RemoveAsync(WriteSession session, RequestContext context, string userId)
    {
        if (userId.StartsWith(InvitationIdPrefix, StringComparison.Ordinal))
        {
            await WithdrawAsync(session, context, userId[InvitationIdPrefix.Length..]);
            return;
        }

        var role = await CheckChangeAsync(session, context, userId, Role.None);
        await PutAsync(session, context, "member_removed", userId, role, active: false);
    }

    /// <summary>Checks that the caller may change a member's role, and returns the current role.</summary>
    private async ValueTask<Role> CheckChangeAsync(WriteSession session, RequestContext context, string userId, Role becomes)
    {
        var row = await StoredMembership.FindAsync(session, context.TenantId, userId);
        if (row is null && await CanBeNamedByTrustedTokenAsync(session, context, userId, becomes))
        {
            return becomes == Role.None ? Role.Viewer : becomes;
        }

        if (row is not { IsActive: true })
        {
            throw new ProblemException(Problem.NotFound);
        }

        if (row.Role > context.Role)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(row.Role));
        }

        if (row.Role == Role.Owner && becomes < Role.Owner && !await StoredMembership.HasOtherOwnerAsync(session, context.TenantId, userId))
        {
            throw new ProblemException(IdentityProblems.LastOwner);
        }

        return row.Role;
    }

    /// <summary>
    /// Returns whether the caller may create a row for a user without one, because a trusted token may name that user: for
    /// themselves, and for an owner anyone. The role such a token claims is not known here, so it could exceed what an admin may
    /// change. Users with an account here can be blocked this way, but are added only by address: an id must not reveal a name.
    /// </summary>
    private async ValueTask<bool> CanBeNamedByTrustedTokenAsync(ReadSession session, RequestContext context, string userId, Role becomes) =>
        options.TrustedHs256Secret is not null && !userId.StartsWith("key_", StringComparison.Ordinal)
        && (userId == context.UserId
            || (context.Role == Role.Owner
            && StrictJwt.IsValidSubject(userId)
            && (becomes == Role.None || await StoredUser.FindAsync(session, userId) is null)));

    private async ValueTask PutAsync(
        WriteSession session, RequestContext context, string eventType, string userId, Role role, bool active = true)
    {
        var put = await log.AppendAsync(session, context, new NewEvent(eventType, "member", userId)
        {
            Surface = "auth",
            Input = new JsonObject { ["role"] = role.ToWireName() },
        });
        await StoredMembership.UpsertAsync(session, context.TenantId, userId, role, active, put.RecordedAt, put.Seq);
        // An open invitation would restore a removed member or raise a lowered role.
        await session.ExecuteAsync(
            """
            update invitations set status = 'withdrawn', seq = @Seq
            where tenant_id = @TenantId and status = 'open' and email in (select email from users where user_id = @userId
              and issuer is null)
            """,
            new { put.Seq, context.TenantId, userId });
        await session.NotifyAsync(MembershipResolver.Topic, MembershipResolver.CacheKey(context.TenantId, userId));
    }

    private async ValueTask<Member> InviteAsync(WriteSession session, RequestContext context, string email, Role role, string url)
    {
        var link = OneTimeLinkStore.Create(OneTimeLinkStore.Invitation, url, time.GetUtcNow());
        var id = Id.New();
        var invited = await log.AppendAsync(session, context, new NewEvent("member_invited", "invitation", id)
        {
            Surface = "auth",
            Input = new JsonObject { ["role"] = role.ToWireName() },
        });
        // An address has at most one open invitation to a tenant. A new one replaces it.
        await session.ExecuteAsync(
            "update invitations set status = 'withdrawn', seq = @Seq where tenant_id = @TenantId and email = @email and status = 'open'",
            new { invited.Seq, context.TenantId, email });
        await session.ExecuteAsync(
            """
            insert into invitations (tenant_id, invitation_id, email, role, token_hash, status, created_at, created_by, expires_at, seq)
            values (@TenantId, @id, @email, @role, @hash, 'open', @RecordedAt, @UserId, @expires, @Seq)
            """,
            new
            {
                context.TenantId, id, email, role = role.ToWireName(), hash = OneTimeToken.Hash(link.Token), invited.RecordedAt,
                context.UserId,
                expires = Timestamps.ToMicros(link.ExpiresAt), invited.Seq,
            });
        return new Member
        {
            UserId = InvitationIdPrefix + id,
            Email = email,
            Role = role.ToWireName(),
            Status = "invited",
            Invitation = link,
        };
    }

    private async ValueTask WithdrawAsync(WriteSession session, RequestContext context, string invitationId)
    {
        if (context.Role < Role.Admin)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(Role.Admin));
        }

        var role = await session.FirstOrDefaultAsync<string>(
            "select role from invitations where tenant_id = @TenantId and invitation_id = @invitationId and status = 'open'"
                + session.ForUpdate,
            new { context.TenantId, invitationId });
        if (!Roles.TryParse(role, out var invited))
        {
            throw new ProblemException(Problem.NotFound);
        }

        if (invited > context.Role)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(invited));
        }

        var withdrawn = await log.AppendAsync(
            session,
            context,
            new NewEvent("invitation_withdrawn", "invitation", invitationId) { Surface = "auth" });
        await session.ExecuteAsync(
            "update invitations set status = 'withdrawn', seq = @Seq where tenant_id = @TenantId and invitation_id = @invitationId",
            new { withdrawn.Seq, context.TenantId, invitationId });
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Role { get; init; } = "";

        public string? Email { get; init; }
    }
}
