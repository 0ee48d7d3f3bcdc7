using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Setup;

/// <summary>Takes one-time links: a reset sets a password, an invitation makes a member, and at need an account.</summary>
internal sealed class LinkRedeemer(Database database, PasswordService passwords, SignInRateLimiter limits, SessionStore sessions, EventLog log, TimeProvider time)
{
    /// <summary>Whether this is a token of a reset or an invitation that still works.</summary>
    public ValueTask<bool> IsValidAsync(string token, CancellationToken cancellationToken) => database.ReadAsync(
        Scope.System,
        async session => await OneTimeLinkStore.FindAsync(session, OneTimeLinkStore.Reset, token, time.GetUtcNowMicros()) is not null
            || await OneTimeLinkStore.FindInvitationAsync(session, token, time.GetUtcNowMicros()) is not null,
        cancellationToken);

    /// <summary>Takes the link and begins a session.</summary>
    /// <exception cref="ProblemException">
    /// 422 for a bad password; 401 where the link is spent, or the invited address has an account and this is not its
    /// password; 429; 503 where too many passwords are being hashed.
    /// </exception>
    public async ValueTask<IssuedSession> RedeemAsync(HttpContext http, LinkRedemption wanted)
    {
        var invitation = await database.ReadAsync(
            Scope.System, session => OneTimeLinkStore.FindInvitationAsync(session, wanted.Token, time.GetUtcNowMicros()), http.RequestAborted);
        var account = invitation is null
            ? null
            : await database.ReadAsync(Scope.System, session => StoredUser.FindByEmailAsync(session, invitation.Email), http.RequestAborted);
        if (account is not null)
        {
            return await AcceptWithExistingAccountAsync(http, wanted, account);
        }

        if (IdentityProblems.Validate(
            ("password", PasswordService.Validate(wanted.Password)),
            ("display_name", IdentityProblems.ValidateName(wanted.DisplayName, required: false))) is { } broken)
        {
            throw new ProblemException(broken);
        }

        var hash = await passwords.HashAsync(wanted.Password, http.RequestAborted) ?? throw new ProblemException(Problem.Unavailable);
        return await database.WriteAsync(
            Scope.System,
            session => invitation is null ? ResetPasswordAsync(session, http, wanted.Token, hash) : AcceptWithNewAccountAsync(session, http, wanted, hash),
            http.RequestAborted);
    }

    /// <summary>
    /// Sets a password. A link that a tenant's admin made works only while the account is that tenant's own: otherwise
    /// it would open other tenants to the admin.
    /// </summary>
    private async ValueTask<IssuedSession> ResetPasswordAsync(WriteSession session, HttpContext http, string token, string hash)
    {
        var now = time.GetUtcNowMicros();
        var link = await OneTimeLinkStore.FindAsync(session, OneTimeLinkStore.Reset, token, now);
        if (link?.UserId is not { } userId || !await OneTimeLinkStore.TryUseAsync(session, token, now)
            || (link.MadeIn is { } madeIn && !await PasswordResetLinks.IsOwnedByTenantAsync(session, userId, madeIn)))
        {
            throw new ProblemException(IdentityProblems.InvalidToken);
        }

        var reset = await log.AppendAsync(session, RequestContextFactory.ForUser(http, "redeem", userId), new NewEvent("password_reset", "user", userId) { Surface = "auth" });
        await StoredUser.SetPasswordAsync(session, userId, hash, reset.Seq);
        await sessions.EndAllAsync(session, userId, null, reset.Seq);
        return await sessions.StartAsync(session, userId, reset.Seq);
    }

    /// <summary>The invited address has no account: it gets one.</summary>
    private async ValueTask<IssuedSession> AcceptWithNewAccountAsync(WriteSession session, HttpContext http, LinkRedemption wanted, string hash)
    {
        var invitation = await OneTimeLinkStore.FindInvitationAsync(session, wanted.Token, time.GetUtcNowMicros());
        if (invitation is null || await StoredUser.FindByEmailAsync(session, invitation.Email) is not null)
        {
            throw new ProblemException(IdentityProblems.InvalidToken);
        }

        var user = new StoredUser { UserId = Id.New(), Email = invitation.Email, DisplayName = wanted.DisplayName?.Trim(), PasswordHash = hash, MadeIn = invitation.TenantId };
        var taken = await AppendAcceptedAsync(session, http, invitation, user.UserId);
        await StoredUser.InsertAsync(session, user, null, taken.RecordedAt, taken.Seq);
        return await AcceptAsync(session, invitation, user.UserId, taken);
    }

    /// <summary>The invited address has an account: its holder shows their password and joins.</summary>
    private async ValueTask<IssuedSession> AcceptWithExistingAccountAsync(HttpContext http, LinkRedemption wanted, StoredUser account)
    {
        // Here a password is tried against an account, as when signing in, so it counts as that.
        if (limits.CountAttempt(account.Email!, http.Connection.RemoteIpAddress) is { } wait)
        {
            throw new ProblemException(IdentityProblems.TooManyAttempts("redeem", wait, time));
        }

        switch (await passwords.VerifyAsync(account.PasswordHash, wanted.Password, http.RequestAborted))
        {
            case PasswordCheckResult.Busy:
                throw new ProblemException(Problem.Unavailable);
            case PasswordCheckResult.Failed:
                throw new ProblemException(IdentityProblems.InvalidCredentials);
        }

        return await database.WriteAsync(
            Scope.System,
            async session =>
            {
                var invitation = await OneTimeLinkStore.FindInvitationAsync(session, wanted.Token, time.GetUtcNowMicros());
                if (invitation is null || (await StoredUser.FindAsync(session, account.UserId))?.PasswordHash != account.PasswordHash)
                {
                    throw new ProblemException(IdentityProblems.InvalidToken);
                }

                return await AcceptAsync(session, invitation, account.UserId, await AppendAcceptedAsync(session, http, invitation, account.UserId));
            },
            http.RequestAborted);
    }

    private ValueTask<AppendedEvent> AppendAcceptedAsync(WriteSession session, HttpContext http, StoredInvitation invitation, string userId) =>
        log.AppendAsync(session, RequestContextFactory.ForUser(http, "redeem", userId), new NewEvent("invitation_accepted", "invitation", invitation.InvitationId)
        {
            Surface = "auth",
            Output = new JsonObject { ["tenant_id"] = invitation.TenantId, ["role"] = invitation.RoleName },
        });

    private async ValueTask<IssuedSession> AcceptAsync(WriteSession session, StoredInvitation invitation, string userId, AppendedEvent taken)
    {
        await session.ExecuteAsync(
            "update invitations set status = 'taken', seq = @Seq where tenant_id = @TenantId and invitation_id = @InvitationId",
            new { taken.Seq, invitation.TenantId, invitation.InvitationId });
        // Somebody who was made a member otherwise meanwhile keeps the stronger role.
        var now = await StoredMembership.FindAsync(session, invitation.TenantId, userId);
        if (now is null || now.Role < invitation.Role)
        {
            await StoredMembership.UpsertAsync(session, invitation.TenantId, userId, invitation.Role, active: true, taken.RecordedAt, taken.Seq);
            await session.NotifyAsync(MembershipResolver.Topic, MembershipResolver.CacheKey(invitation.TenantId, userId));
        }

        return await sessions.StartAsync(session, userId, taken.Seq);
    }
}
