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

/// <summary>Anonymous routes that create sessions: login and refresh. Their events go to the log of tenant-0.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/auth").WithTags("Identity");
        auth.MapPost("login", LoginAsync).AllowAnonymous().WithSummary("Sign in with a password");
        auth.MapPost("refresh", RefreshAsync).AllowAnonymous().WithSummary("Exchange a refresh token for new tokens");
        app.MapGet("/.well-known/jwks.json", JwksAsync).WithTags("Identity").AllowAnonymous()
            .Produces<JsonObject>(StatusCodes.Status200OK, "application/jwk-set+json").WithSummary("The keys that verify access tokens");
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> LoginAsync(
        HttpContext http, JsonBody<LoginRequest> body, Database database, PasswordService passwords, SignInRateLimiter limits,
        SessionStore sessions, SignInService signIn, EventLog log, TimeProvider time)
    {
        var request = body.Value;
        if (request.Email.Length > Emails.MaxCharacters)
        {
            return IdentityProblems.InvalidCredentials;
        }

        if (limits.CountAttempt(request.Email, http.Connection.RemoteIpAddress) is { } wait)
        {
            return IdentityProblems.TooManyAttempts("login", wait, time);
        }

        var user = await database.ReadAsync(
            Scope.System,
            session => StoredUser.FindByEmailAsync(session, request.Email),
            http.RequestAborted);
        var check = await passwords.VerifyAsync(user?.PasswordHash, request.Password, http.RequestAborted);
        if (check == PasswordCheckResult.Busy)
        {
            return Problem.Unavailable;
        }

        if (check == PasswordCheckResult.Failed)
        {
            signIn.LogWrongPassword();
            return IdentityProblems.InvalidCredentials;
        }

        var renewed = check == PasswordCheckResult.SuccessRehashNeeded
            ? await passwords.HashAsync(request.Password, http.RequestAborted)
            : null;
        var open = await database.WriteAsync<IssuedSession?>(
            Scope.System,
            async session =>
            {
                // The password may have been changed while it was being verified. Then the old one must not start a session.
                if ((await StoredUser.FindAsync(session, user!.UserId))?.PasswordHash != user.PasswordHash)
                {
                    return null;
                }

                await SignInService.RequireMembershipAsync(session, user.UserId, GetRequestedTenant(http));
                var started = await log.AppendAsync(
                    session,
                    RequestContextFactory.ForUser(http, "login", user.UserId),
                    new NewEvent("session_started", "user", user.UserId) { Surface = "auth" });
                if (renewed is not null)
                {
                    await StoredUser.SetPasswordAsync(session, user.UserId, renewed, started.Seq);
                }

                return await sessions.StartAsync(session, user.UserId, started.Seq);
            },
            http.RequestAborted);
        return open is null
            ? IdentityProblems.InvalidCredentials
            : TypedResults.Ok(await signIn.CreateResponseAsync(open, GetRequestedTenant(http), http));
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> RefreshAsync(
        HttpContext http, JsonBody<RefreshRequest> body, Database database, SignInRateLimiter limits, SessionStore sessions,
        SignInService signIn, TimeProvider time)
    {
        // Only valid tokens reach the write lane shared by all sign-ins, and only invalid ones are counted.
        var token = body.Value.RefreshToken;
        if (!await sessions.IsRefreshableAsync(token, http.RequestAborted))
        {
            return limits.CountAttempt(http.Connection.RemoteIpAddress) is { } wait
                ? IdentityProblems.TooManyAttempts("refresh", wait, time)
                : IdentityProblems.InvalidToken;
        }

        var open = await database.WriteAsync(
            Scope.System,
            async session =>
            {
                var refreshed = await sessions.RefreshAsync(
                    session,
                    token,
                    userId => RequestContextFactory.ForUser(http, "refresh", userId));
                if (refreshed is not null)
                {
                    await SignInService.RequireMembershipAsync(session, refreshed.UserId, GetRequestedTenant(http));
                }

                return refreshed;
            },
            http.RequestAborted);
        return open is null
            ? IdentityProblems.InvalidToken
            : TypedResults.Ok(await signIn.CreateResponseAsync(open, GetRequestedTenant(http), http));
    }

    private static async Task<FileContentHttpResult> JwksAsync(HttpContext http, AccessTokenProvider own)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes((await own.GetAsync(http.RequestAborted)).KeySet, "application/jwk-set+json");
    }

    /// <summary>Returns the tenant requested as the token's default, or null if none is requested.</summary>
    private static string? GetRequestedTenant(HttpContext http) =>
        http.Request.Headers["X-Tenant-Id"] is { Count: 1 } header && TenantId.IsValid(header[0]) ? header[0] : null;
}
