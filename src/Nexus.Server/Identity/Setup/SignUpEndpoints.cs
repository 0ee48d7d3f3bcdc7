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
/// Routes that create accounts: sign-up if enabled, initial setup, and redeeming a link. The last two take their credential from
/// the body and respond with 401 if it is invalid.
/// </summary>
internal static class SignUpEndpoints
{
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
        HttpContext http, JsonBody<SignupRequest> body, AuthOptions options, Database database, TenantDirectory tenants,
        PasswordService passwords, SignInRateLimiter limits,
        SessionStore sessions, SignInService signIn, EventLog log, TimeProvider time)
    {
        if (!options.AllowSignup)
        {
            return IdentityProblems.SignUpDisabled;
        }

        var request = body.Value;
        if (IdentityProblems.Validate(
            ("email", IdentityProblems.ValidateEmail(request.Email)),
            ("password", PasswordService.Validate(request.Password)),
            ("display_name", IdentityProblems.ValidateName(request.DisplayName, required: false)),
            ("tenant_name", IdentityProblems.ValidateName(request.TenantName, required: false))) is { } broken)
        {
            return broken;
        }

        if (limits.CountAttempt(request.Email, http.Connection.RemoteIpAddress) is { } wait)
        {
            return IdentityProblems.TooManyAttempts("signup", wait, time);
        }

        // Another tenant's log is visible only in that tenant's scope, so it is checked before the transaction.
        var plain = request.TenantName is null ? null : TenantIdGenerator.FromName(request.TenantName);
        var isTaken = plain is not null
            && (options.TrustedHs256Secret is not null || await tenants.HasLogAsync(plain, http.RequestAborted));
        if (await passwords.HashAsync(request.Password, http.RequestAborted) is not { } hash)
        {
            return Problem.Unavailable;
        }

        var user = new StoredUser
        {
            UserId = Id.New(),
            Email = Emails.Normalize(request.Email),
            DisplayName = request.DisplayName?.Trim(),
            PasswordHash = hash,
        };
        var open = await database.WriteAsync(
            Scope.System,
            async session =>
            {
                if (await StoredUser.FindByEmailAsync(session, user.Email) is not null)
                {
                    throw new ProblemException(IdentityProblems.EmailTaken);
                }

                var tenantId = plain is null ? null : await TenantIdGenerator.FindFreeAsync(session, plain, isTaken);
                var signedUp = await log.AppendAsync(
                    session,
                    RequestContextFactory.ForUser(http, "signup", user.UserId),
                    new NewEvent("user_signed_up", "user", user.UserId)
                    {
                        Surface = "auth",
                        Output = tenantId is null ? null : new JsonObject { ["tenant_id"] = tenantId },
                    });
                await StoredUser.InsertAsync(session, user, null, signedUp.RecordedAt, signedUp.Seq);
                if (tenantId is not null)
                {
                    await StoredTenant.CreateWithOwnerAsync(session, tenantId, request.TenantName!.Trim(), user.UserId, signedUp);
                }

                return await sessions.StartAsync(session, user.UserId, signedUp.Seq);
            },
            http.RequestAborted);
        return TypedResults.Ok(await signIn.CreateResponseAsync(open, null, http));
    }

    private static async Task<Results<Ok<AuthSession>, Problem>> SetUpAsync(
        HttpContext http, InitialSetup initialSetup, SignInService signIn)
    {
        // The tenant_id in the body does not select a context: the caller is not a member of any tenant yet.
        var body = RequestBody.Get(http);
        if (body.Json is not { } json || ReadToken(json.RootElement) is not { } token
            || !await initialSetup.IsLinkValidAsync(token, http.RequestAborted))
        {
            return body.Problem ?? IdentityProblems.InvalidToken;
        }

        var open = await initialSetup.CompleteAsync(http, JsonBody<SetupRequest>.Read(json.RootElement));
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
