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

/// <summary>The caller's own account: routes that need a token and no tenant.</summary>
internal static class AccountEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapAccount(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/auth").WithTags("Identity");
        auth.MapGet("me", MeAsync).DoesWithoutTenant("account_read").WithSummary("Who the caller is, and where a member");
        auth.MapPost("logout", LogoutAsync).DoesWithoutTenant("logout").Produces(StatusCodes.Status204NoContent).WithSummary("End the session");
        auth.MapPost("password", ChangePasswordAsync).DoesWithoutTenant("password_change").Produces(StatusCodes.Status204NoContent).WithSummary("Change the password and end all other sessions");
    }

    private static async Task<Ok<Me>> MeAsync(RequestContext context, Memberships memberships, Database database, SignInAnswers signIn, CancellationToken cancellation)
    {
        var auth = context.Auth!;
        var stored = auth.IsApiKey ? null : await database.ReadAsync(Scope.System, session => StoredUser.FindAsync(session, auth.UserId), cancellation);
        var places = await memberships.OfAsync(auth, cancellation);
        var first = places.Find(place => place.TenantId == auth.DefaultTenantId) ?? places.FirstOrDefault();
        return TypedResults.Ok(new Me
        {
            User = stored?.ToWire() ?? new User { UserId = auth.UserId, Email = auth.Email },
            Tenant = first is null ? null : await signIn.TenantAsync(first.TenantId, cancellation),
            Memberships = places,
            ActorType = auth.ActorType,
        });
    }

    private static async Task<IResult> LogoutAsync(RequestContext context, Mutations mutations, SessionStore sessions, EventLog log, CancellationToken cancellation)
    {
        if (context.Auth!.SessionId is not { } sessionId)
        {
            return Refusals.NoSession;
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                var ended = await log.AppendAsync(session, context, new NewEvent("session_ended", "session", sessionId) { Surface = "auth" });
                await sessions.EndAsync(session, sessionId, ended.Seq);
            },
            cancellation);
    }

    private static async Task<IResult> ChangePasswordAsync(
        RequestContext context, JsonBody<PasswordChange> body, HttpContext http, Database database, Mutations mutations, Passwords passwords, SignInLimits limits,
        SessionStore sessions, EventLog log, TimeProvider time)
    {
        var cancellation = http.RequestAborted;
        var user = await database.ReadAsync(Scope.System, session => StoredUser.FindAsync(session, context.UserId), cancellation);
        if (context.Auth!.SessionId is not { } sessionId || user?.PasswordHash is null)
        {
            return Refusals.NoSession;
        }

        if (Refusals.Broken(("new_password", Passwords.Mistake(body.Value.NewPassword))) is { } broken)
        {
            return broken;
        }

        // After the first run the current password is another one.
        if (await mutations.RepeatAsync(context, cancellation) is { } repeat)
        {
            return repeat;
        }

        if (limits.Count(user.Email!, http.Connection.RemoteIpAddress) is { } wait)
        {
            return Refusals.TooMany("password_change", wait, time);
        }

        switch (await passwords.CheckAsync(user.PasswordHash, body.Value.CurrentPassword, cancellation))
        {
            case PasswordCheck.Busy:
                return Problem.Unavailable;
            case PasswordCheck.Wrong:
                return Refusals.WrongCurrentPassword;
        }

        if (await passwords.HashAsync(body.Value.NewPassword, cancellation) is not { } hash)
        {
            return Problem.Unavailable;
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                if ((await StoredUser.FindAsync(session, user.UserId))?.PasswordHash != user.PasswordHash)
                {
                    throw new ProblemException(Refusals.WrongCurrentPassword);
                }

                var changed = await log.AppendAsync(session, context, new NewEvent("password_changed", "user", user.UserId) { Surface = "auth" });
                await StoredUser.SetPasswordAsync(session, user.UserId, hash, changed.Seq);
                await sessions.EndAllAsync(session, user.UserId, but: sessionId, changed.Seq);
            },
            cancellation);
    }
}
