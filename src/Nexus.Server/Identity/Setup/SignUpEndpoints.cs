using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Setup;

/// <summary>
/// The routes with which people get an account: sign up where that is allowed, set the service up, redeem a link. The
/// last two carry their credential in the body; without a good one they answer 401 like any other.
/// </summary>
internal static class SignUpEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapSignUp(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/auth").WithTags("Identity");
        auth.MapPost("signup", SignUpAsync).AllowAnonymous().WithSummary("Sign up, where the service allows it");
        auth.MapPost("setup", SetUpAsync).AllowAnonymous().WithMetadata(new RequestBodyMetadata(typeof(SetupRequest)))
            .WithSummary("Create the first user with the setup link's token");
        auth.MapPost("redeem", RedeemAsync).AllowAnonymous().WithMetadata(new RequestBodyMetadata(typeof(LinkRedemption)))
            .WithSummary("Accept an invitation or set a new password with a link's token");
        app.MapGet("/setup", SetupPage.Get).ExcludeFromDescription().AllowAnonymous();
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> SignUpAsync(
        HttpContext http, JsonBody<SignupRequest> body, AuthOptions options, Database database, TenantDirectory tenants, PasswordService passwords, SignInRateLimiter limits,
        SessionStore sessions, SignInService signIn, EventLog log, TimeProvider time)
    {
        if (!options.AllowSignup)
        {
            return IdentityProblems.SignUpDisabled;
        }

        var wanted = body.Value;
        if (IdentityProblems.Validate(
            ("email", IdentityProblems.ValidateEmail(wanted.Email)),
            ("password", PasswordService.Validate(wanted.Password)),
            ("display_name", IdentityProblems.ValidateName(wanted.DisplayName, required: false)),
            ("tenant_name", IdentityProblems.ValidateName(wanted.TenantName, required: false))) is { } broken)
        {
            return broken;
        }

        if (limits.CountAttempt(wanted.Email, http.Connection.RemoteIpAddress) is { } wait)
        {
            return IdentityProblems.TooManyAttempts("signup", wait, time);
        }

        // Another tenant's log shows in that tenant's scope only, so this is asked before the write.
        var plain = wanted.TenantName is null ? null : TenantIdGenerator.FromName(wanted.TenantName);
        var isTaken = plain is not null && (options.TrustedHs256Secret is not null || await tenants.HasLogAsync(plain, http.RequestAborted));
        if (await passwords.HashAsync(wanted.Password, http.RequestAborted) is not { } hash)
        {
            return Problem.Unavailable;
        }

        var user = new StoredUser { UserId = Id.New(), Email = Emails.Normalize(wanted.Email), DisplayName = wanted.DisplayName?.Trim(), PasswordHash = hash };
        var open = await database.WriteAsync(
            Scope.System,
            async session =>
            {
                if (await StoredUser.FindByEmailAsync(session, user.Email) is not null)
                {
                    throw new ProblemException(IdentityProblems.EmailTaken);
                }

                var tenantId = plain is null ? null : await TenantIdGenerator.FindFreeAsync(session, plain, isTaken);
                var signedUp = await log.AppendAsync(session, RequestContextFactory.ForUser(http, "signup", user.UserId), new NewEvent("user_signed_up", "user", user.UserId)
                {
                    Surface = "auth",
                    Output = tenantId is null ? null : new JsonObject { ["tenant_id"] = tenantId },
                });
                await StoredUser.InsertAsync(session, user, null, signedUp.RecordedAt, signedUp.Seq);
                if (tenantId is not null)
                {
                    await InitialSetup.CreateTenantAsync(session, tenantId, wanted.TenantName!.Trim(), user.UserId, signedUp);
                }

                return await sessions.StartAsync(session, user.UserId, signedUp.Seq);
            },
            http.RequestAborted);
        return TypedResults.Ok(await signIn.CreateResponseAsync(open, null, http));
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> SetUpAsync(HttpContext http, InitialSetup founding, SignInService signIn)
    {
        // The record has a tenant_id of its own, which is no context: nobody is a member of anything yet.
        var body = RequestBody.Get(http);
        if (body.Json is not { } json || ReadToken(json.RootElement) is not { } token
            || !await founding.IsLinkValidAsync(token, http.RequestAborted))
        {
            return body.Problem ?? IdentityProblems.InvalidToken;
        }

        var open = await founding.CompleteAsync(http, JsonBody<SetupRequest>.Read(json.RootElement));
        return TypedResults.Ok(await signIn.CreateResponseAsync(open, null, http));
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> RedeemAsync(
        HttpContext http, LinkRedeemer redemption, SignInService signIn)
    {
        var body = RequestBody.Get(http);
        if (body.Json is not { } json || ReadToken(json.RootElement) is not { } token)
        {
            return body.Problem ?? IdentityProblems.InvalidToken;
        }

        if (!await redemption.IsValidAsync(token, http.RequestAborted))
        {
            return IdentityProblems.InvalidToken;
        }

        var open = await redemption.RedeemAsync(http, JsonBody<LinkRedemption>.Read(json.RootElement));
        return TypedResults.Ok(await signIn.CreateResponseAsync(open, null, http));
    }

    private static string? ReadToken(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetString("token", out var token) ? token : null;
}
