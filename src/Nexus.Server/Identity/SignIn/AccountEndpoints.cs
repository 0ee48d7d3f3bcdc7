using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>The caller's own account. These routes need a token but no tenant.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/auth").WithTags("Identity");
        auth.MapGet("me", MeAsync).RequireTenantlessAction("account_read").WithSummary("Read the caller's account and memberships");
        auth.MapPost("logout", LogoutAsync).RequireTenantlessAction("logout").WithSummary("Sign out");
        auth.MapPost("password", ChangePasswordAsync).RequireTenantlessAction("password_change")
            .WithSummary("Change the password and end all other sessions");
    }

    private static async Task<Ok<Me>> MeAsync(
        RequestContext context, MembershipResolver memberships, Database database, SignInService signIn,
        CancellationToken cancellationToken)
    {
        var auth = context.Auth!;
        var stored = auth.IsApiKey
            ? null
            : await database.ReadAsync(Scope.System, session => StoredUser.FindAsync(session, auth.UserId), cancellationToken);
        var places = await memberships.ListAsync(auth, cancellationToken);
        var first = places.Find(place => place.TenantId == auth.DefaultTenantId) ?? places.FirstOrDefault();
        return TypedResults.Ok(new Me
        {
            User = stored?.ToWire() ?? new User { UserId = auth.UserId, Email = auth.Email },
            Tenant = first is null ? null : await signIn.GetTenantAsync(first.TenantId, cancellationToken),
            Memberships = places,
            ActorType = auth.ActorType,
        });
    }

    private static async Task<Results<NoContent, Problem>> LogoutAsync(
        RequestContext context, IdempotentWriter mutations, SessionStore sessions, EventLog log, CancellationToken cancellationToken)
    {
        if (context.Auth!.SessionId is not { } sessionId)
        {
            return IdentityProblems.SessionRequired;
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                var ended = await log.AppendAsync(
                    session,
                    context,
                    new NewEvent("session_ended", "session", sessionId) { Surface = "auth" });
                await sessions.EndAsync(session, sessionId, ended.Seq);
            },
            cancellationToken);
    }

    private static async Task<Results<NoContent, Problem>> ChangePasswordAsync(
        RequestContext context, JsonBody<PasswordChange> body, HttpContext http, Database database, IdempotentWriter mutations,
        PasswordService passwords, SignInRateLimiter limits,
        SessionStore sessions, EventLog log, TimeProvider time)
    {
        var cancellationToken = http.RequestAborted;
        var user = await database.ReadAsync(Scope.System, session => StoredUser.FindAsync(session, context.UserId), cancellationToken);
        if (context.Auth!.SessionId is not { } sessionId || user?.PasswordHash is null)
        {
            return IdentityProblems.SessionRequired;
        }

        if (IdentityProblems.Validate(("new_password", PasswordService.Validate(body.Value.NewPassword))) is { } broken)
        {
            return broken;
        }

        // After the first run the current password is a different one, so a replay must be found before it is checked.
        if (await mutations.FindReplayAsync(context, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (limits.CountAttempt(user.Email!, http.Connection.RemoteIpAddress) is { } wait)
        {
            return IdentityProblems.TooManyAttempts("password_change", wait, time);
        }

        switch (await passwords.VerifyAsync(user.PasswordHash, body.Value.CurrentPassword, cancellationToken))
        {
            case PasswordCheckResult.Busy:
                return Problem.Unavailable;
            case PasswordCheckResult.Failed:
                return IdentityProblems.WrongCurrentPassword;
        }

        if (await passwords.HashAsync(body.Value.NewPassword, cancellationToken) is not { } hash)
        {
            return Problem.Unavailable;
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                if ((await StoredUser.FindAsync(session, user.UserId))?.PasswordHash != user.PasswordHash)
                {
                    throw new ProblemException(IdentityProblems.WrongCurrentPassword);
                }

                var changed = await log.AppendAsync(
                    session,
                    context,
                    new NewEvent("password_changed", "user", user.UserId) { Surface = "auth" });
                await StoredUser.SetPasswordAsync(session, user.UserId, hash, changed.Seq);
                await sessions.EndAllAsync(session, user.UserId, but: sessionId, changed.Seq);
            },
            cancellationToken);
    }
}
