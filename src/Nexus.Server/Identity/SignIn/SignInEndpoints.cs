using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>
/// The open routes with which people get a session: log in and refresh. Their events go to the log of tenant-0.
/// </summary>
internal static class SignInEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/auth").WithTags("Identity");
        auth.MapPost("login", LoginAsync).IsOpen().WithSummary("Sign in with a password");
        auth.MapPost("refresh", RefreshAsync).IsOpen().WithSummary("Trade a refresh token for new tokens");
        app.MapGet("/.well-known/jwks.json", KeySetAsync).WithTags("Identity").IsOpen().Produces<JsonObject>(StatusCodes.Status200OK, "application/jwk-set+json").WithSummary("The keys that verify access tokens");
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> LoginAsync(
        HttpContext http, JsonBody<LoginRequest> body, Database database, Passwords passwords, SignInLimits limits, SessionStore sessions, SignInAnswers signIn, EventLog log, TimeProvider time)
    {
        var wanted = body.Value;
        if (wanted.Email.Length > Emails.MostCharacters)
        {
            return Refusals.WrongPassword;
        }

        if (limits.Count(wanted.Email, http.Connection.RemoteIpAddress) is { } wait)
        {
            return Refusals.TooMany("login", wait, time);
        }

        var user = await database.ReadAsync(Scope.System, session => StoredUser.FindByEmailAsync(session, wanted.Email), http.RequestAborted);
        var check = await passwords.CheckAsync(user?.PasswordHash, wanted.Password, http.RequestAborted);
        if (check == PasswordCheck.Busy)
        {
            return Problem.Unavailable;
        }

        if (check == PasswordCheck.Wrong)
        {
            signIn.LogWrongPassword();
            return Refusals.WrongPassword;
        }

        var renewed = check == PasswordCheck.RightButOld ? await passwords.HashAsync(wanted.Password, http.RequestAborted) : null;
        var open = await database.WriteAsync<OpenSession?>(
            Scope.System,
            async session =>
            {
                // The password may have been changed while it was checked; who knew only the old one does not get in.
                if ((await StoredUser.FindAsync(session, user!.UserId))?.PasswordHash != user.PasswordHash)
                {
                    return null;
                }

                await SignInAnswers.CheckAsync(session, user.UserId, Wanted(http));
                var started = await log.AppendAsync(session, Callers.At(http, "login", user.UserId), new NewEvent("session_started", "user", user.UserId) { Surface = "auth" });
                if (renewed is not null)
                {
                    await StoredUser.SetPasswordAsync(session, user.UserId, renewed, started.Seq);
                }

                return await sessions.StartAsync(session, user.UserId, started.Seq);
            },
            http.RequestAborted);
        return open is null ? Refusals.WrongPassword : TypedResults.Ok(await signIn.AnswerAsync(open, Wanted(http), http));
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> RefreshAsync(
        HttpContext http, JsonBody<RefreshRequest> body, Database database, SignInLimits limits, SessionStore sessions, SignInAnswers signIn, TimeProvider time)
    {
        // Only what is a token reaches the lane that all sign-ins share, and only who sends what is none is counted.
        var token = body.Value.RefreshToken;
        if (!await sessions.IsRefreshableAsync(token, http.RequestAborted))
        {
            return limits.Count(http.Connection.RemoteIpAddress) is { } wait ? Refusals.TooMany("refresh", wait, time) : Refusals.TokenSpent;
        }

        var open = await database.WriteAsync(
            Scope.System,
            async session =>
            {
                var refreshed = await sessions.RefreshAsync(session, token, userId => Callers.At(http, "refresh", userId));
                if (refreshed is not null)
                {
                    await SignInAnswers.CheckAsync(session, refreshed.UserId, Wanted(http));
                }

                return refreshed;
            },
            http.RequestAborted);
        return open is null ? Refusals.TokenSpent : TypedResults.Ok(await signIn.AnswerAsync(open, Wanted(http), http));
    }

    private static async Task<IResult> KeySetAsync(HttpContext http, OwnTokens own)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes((await own.GetAsync(http.RequestAborted)).KeySet, "application/jwk-set+json");
    }

    /// <summary>The tenant to be the token's default, where the caller names one.</summary>
    private static string? Wanted(HttpContext http) => http.Request.Headers["X-Tenant-Id"] is { Count: 1 } header && TenantId.IsValid(header[0]) ? header[0] : null;
}
