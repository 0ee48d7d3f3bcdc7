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

/// <summary>Redeems one-time links. A reset link sets a password; an invitation adds a member and, if needed, creates an account.</summary>
internal sealed class LinkRedeemer(
    Database database, PasswordService passwords, SignInRateLimiter limits, SessionStore sessions, EventLog log, TimeProvider time)
{
    /// <summary>Returns whether the token belongs to a valid reset link or invitation.</summary>
    public ValueTask<bool> IsValidAsync(string token, CancellationToken cancellationToken) => database.ReadAsync(
        Scope.System,
        async session => await OneTimeLinkStore.FindAsync(session, OneTimeLinkStore.Reset, token, time.GetUtcNowMicros()) is not null
            || await OneTimeLinkStore.FindInvitationAsync(session, token, time.GetUtcNowMicros()) is not null,
        cancellationToken);

    /// <summary>Redeems a link and starts a session.</summary>
    /// <exception cref="ProblemException">
    /// 422 for an invalid password; 401 if the link is no longer valid, or if the invited address has an account with another
    /// password; 429; 503 if too many passwords are being hashed.
    /// </exception>
    public async ValueTask<IssuedSession> RedeemAsync(HttpContext http, LinkRedemption redemption)
    {
        var invitation = await database.ReadAsync(
            Scope.System,
            session => OneTimeLinkStore.FindInvitationAsync(session, redemption.Token, time.GetUtcNowMicros()),
            http.RequestAborted);
        var account = invitation is null
            ? null
            : await database.ReadAsync(
                Scope.System,
                session => StoredUser.FindByEmailAsync(session, invitation.Email),
                http.RequestAborted);
        if (account is not null)
        {
            return await AcceptWithExistingAccountAsync(http, redemption, account);
        }

        if (IdentityProblems.Validate(
            ("password", PasswordService.Validate(redemption.Password)),
            ("display_name", IdentityProblems.ValidateName(redemption.DisplayName, required: false))) is { } broken)
        {
            throw new ProblemException(broken);
        }

        var hash = await passwords.HashAsync(redemption.Password, http.RequestAborted) ?? throw new ProblemException(Problem.Unavailable);
        return await database.WriteAsync(
            Scope.System,
            session =>
                invitation is null
                    ? ResetPasswordAsync(session, http, redemption.Token, hash)
                    : AcceptWithNewAccountAsync(session, http, redemption, hash),
            http.RequestAborted);
    }

    /// <summary>
    /// Sets a password. A link created by a tenant's admin works only while the account belongs to that tenant; otherwise it
    /// would give the admin access to other tenants.
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

        var reset = await log.AppendAsync(
            session,
            RequestContextFactory.ForUser(http, "redeem", userId),
            new NewEvent("password_reset", "user", userId) { Surface = "auth" });
        await StoredUser.SetPasswordAsync(session, userId, hash, reset.Seq);
        await sessions.EndAllAsync(session, userId, null, reset.Seq);
        return await sessions.StartAsync(session, userId, reset.Seq);
    }

    /// <summary>Creates an account for the invited address.</summary>
    private async ValueTask<IssuedSession> AcceptWithNewAccountAsync(
        WriteSession session, HttpContext http, LinkRedemption redemption, string hash)
    {
        var invitation = await OneTimeLinkStore.FindInvitationAsync(session, redemption.Token, time.GetUtcNowMicros());
        if (invitation is null || await StoredUser.FindByEmailAsync(session, invitation.Email) is not null)
        {
            throw new ProblemException(IdentityProblems.InvalidToken);
        }

        var user = new StoredUser
        {
            UserId = Id.New(),
            Email = invitation.Email,
            DisplayName = redemption.DisplayName?.Trim(),
            PasswordHash = hash,
            MadeIn = invitation.TenantId,
        };
        var taken = await AppendAcceptedAsync(session, http, invitation, user.UserId);
        await StoredUser.InsertAsync(session, user, null, taken.RecordedAt, taken.Seq);
        return await AcceptAsync(session, invitation, user.UserId, taken);
    }

    /// <summary>Adds the existing account of the invited address, after its password was verified.</summary>
    private async ValueTask<IssuedSession> AcceptWithExistingAccountAsync(HttpContext http, LinkRedemption redemption, StoredUser account)
    {
        // This checks a password against an account, like a sign-in, so it counts as an attempt.
        if (limits.CountAttempt(account.Email!, http.Connection.RemoteIpAddress) is { } wait)
        {
            throw new ProblemException(IdentityProblems.TooManyAttempts("redeem", wait, time));
        }

        switch (await passwords.VerifyAsync(account.PasswordHash, redemption.Password, http.RequestAborted))
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
                var invitation = await OneTimeLinkStore.FindInvitationAsync(session, redemption.Token, time.GetUtcNowMicros());
                if (invitation is null || (await StoredUser.FindAsync(session, account.UserId))?.PasswordHash != account.PasswordHash)
                {
                    throw new ProblemException(IdentityProblems.InvalidToken);
                }

                return await AcceptAsync(
                    session,
                    invitation,
                    account.UserId,
                    await AppendAcceptedAsync(session, http, invitation, account.UserId));
            },
            http.RequestAborted);
    }

    private ValueTask<AppendedEvent> AppendAcceptedAsync(
        WriteSession session, HttpContext http, StoredInvitation invitation, string userId) =>
        log.AppendAsync(
            session,
            RequestContextFactory.ForUser(http, "redeem", userId),
            new NewEvent("invitation_accepted", "invitation", invitation.InvitationId)
            {
                Surface = "auth",
                Output = new JsonObject { ["tenant_id"] = invitation.TenantId, ["role"] = invitation.RoleName },
            });

    private async ValueTask<IssuedSession> AcceptAsync(
        WriteSession session, StoredInvitation invitation, string userId, AppendedEvent taken)
    {
        await session.ExecuteAsync(
            "update invitations set status = 'taken', seq = @Seq where tenant_id = @TenantId and invitation_id = @InvitationId",
            new { taken.Seq, invitation.TenantId, invitation.InvitationId });
        // If the user became a member in another way in the meantime, the stronger role stays.
        var now = await StoredMembership.FindAsync(session, invitation.TenantId, userId);
        if (now is null || now.Role < invitation.Role)
        {
            await StoredMembership.UpsertAsync(
                session,
                invitation.TenantId,
                userId,
                invitation.Role,
                active: true,
                taken.RecordedAt,
                taken.Seq);
            await session.NotifyAsync(MembershipResolver.Topic, MembershipResolver.CacheKey(invitation.TenantId, userId));
        }

        return await sessions.StartAsync(session, userId, taken.Seq);
    }
}
