using Nexus.Server.Identity.Accounts;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>Errors of the identity routes.</summary>
internal static class IdentityProblems
{
    /// <summary>Says nothing about which half was wrong, or whether there is such an account.</summary>
    public static Problem InvalidCredentials { get; } = new(ProblemCodes.AuthInvalid, "Wrong e-mail address or password.");

    /// <summary>
    /// The password until now is not the one that was sent; 403, since the token is good and sending another would not help.
    /// </summary>
    public static Problem WrongCurrentPassword { get; } = new(ProblemCodes.AuthPassword, "The current password is wrong.");

    /// <summary>A refresh token or link that is unknown, used, expired or revoked.</summary>
    public static Problem InvalidToken { get; } = new(ProblemCodes.AuthInvalid, "This link or token is invalid or has expired.");

    /// <summary>Signing up is off.</summary>
    public static Problem SignUpDisabled { get; } =
        new(ProblemCodes.AuthSignupClosed, "Sign-up is disabled. Ask an admin for an invitation.");

    /// <summary>There is an account of this address.</summary>
    public static Problem EmailTaken { get; } =
        new(ProblemCodes.AuthEmailTaken, "An account with this e-mail address exists. Sign in instead.");

    /// <summary>The credential is not one of a person who signed in with a password.</summary>
    public static Problem SessionRequired { get; } =
        new(
            ProblemCodes.AuthCredential,
            "This requires a session: sign in with a password. API keys and tokens of other issuers are not accepted.");

    /// <summary>The credential cannot reach what it asks for: a key of one env or one tenant.</summary>
    public static Problem CredentialTooNarrow { get; } =
        new(
            ProblemCodes.AuthCredential,
            "This credential is limited to one tenant or env, and the request reaches further. Use a credential without that limit.");

    /// <summary>The platform whose tokens are trusted names the tenants.</summary>
    public static Problem TenantCreationRestricted { get; } =
        new(ProblemCodes.AuthRole, "Only the platform or an admin of t_system creates tenants here.");

    /// <summary>The tenant's id is taken.</summary>
    public static Problem TenantIdTaken { get; } = new(ProblemCodes.TenantTaken, "This tenant id is taken. Choose another one.");

    /// <summary>The tenant was suspended by its owner.</summary>
    public static Problem TenantSuspended { get; } =
        new(ProblemCodes.TenantSuspended, "This tenant is suspended. An owner can reactivate it.");

    /// <summary>The last owner cannot go or become less.</summary>
    public static Problem LastOwner { get; } =
        new(ProblemCodes.MemberLastOwner, "A tenant must keep at least one owner. Make somebody else owner first.");

    /// <summary>Who is to be added is a member already.</summary>
    public static Problem AlreadyMember { get; } = new(ProblemCodes.MemberExists, "This person is already a member.");

    /// <summary>Otherwise an admin of one tenant could get into other tenants, or into somebody's account.</summary>
    public static Problem AccountNotOwnedByTenant { get; } = new(
        ProblemCodes.MemberElsewhere,
        "This person's account was not created by joining this tenant, or they are a member of other tenants too. Only the operator can "
        + "reset their password.");

    /// <summary>Too many attempts to sign in.</summary>
    public static Problem TooManyAttempts(string action, TimeSpan wait, TimeProvider time) =>
        new(ProblemCodes.RateLimitExceeded, "Too many attempts. Wait until lifts_at, then try again.")
        {
            Gate = "rate_limit",
            Action = action,
            LiftsAt = time.GetUtcNow() + wait,
            RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
        };

    /// <summary>422 that names every invalid field; null if all are valid.</summary>
    public static Problem? Validate(params ReadOnlySpan<(string Field, string? Mistake)> rules)
    {
        var errors = new List<FieldError>();
        foreach (var (field, mistake) in rules)
        {
            if (mistake is not null)
            {
                errors.Add(new FieldError(field, mistake));
            }
        }

        return errors.Count == 0 ? null : Problem.Invalid(ProblemCodes.BodyInvalid, errors);
    }

    /// <summary>Validates a display name.</summary>
    public static string? ValidateName(string? name, bool required = true) => name switch
    {
        null => required ? "is required." : null,
        _ when name.Trim().Length is 0 or > 200 => "must be 1 to 200 characters.",
        _ when name.Any(char.IsControl) => "must not contain control characters.",
        _ => null,
    };

    /// <summary>The rule of an e-mail address.</summary>
    public static string? ValidateEmail(string email) =>
        Emails.IsValid(Emails.Normalize(email)) ? null : "must be an e-mail address, for example ada@example.com.";

    /// <summary>The rule of a tenant's id.</summary>
    public static string? ValidateTenantId(string tenantId) =>
        TenantId.IsValid(tenantId) ? null : "must be t_ followed by 1 to 62 of a-z, 0-9, _ and -, for example t_acme.";

    /// <summary>The rule of a role's name.</summary>
    public static string? ValidateRole(string role, out Role parsed) =>
        Roles.TryParse(role, out parsed) ? null : Suggestions.Unknown("role", role, Roles.Names);
}
