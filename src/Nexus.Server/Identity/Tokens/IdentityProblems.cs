using Nexus.Server.Identity.Accounts;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>Errors of the identity routes.</summary>
internal static class IdentityProblems
{
    /// <summary>Does not say which of the two was wrong, or whether the account exists.</summary>
    public static Problem InvalidCredentials { get; } =
        new(StatusCodes.Status401Unauthorized, "auth.invalid", "The e-mail address or the password is wrong.");

    /// <summary>403 rather than 401, since the access token is valid and a new one would not help.</summary>
    public static Problem WrongCurrentPassword { get; } =
        new(StatusCodes.Status403Forbidden, "auth.password", "The current password is wrong.");

    /// <summary>A refresh token or link that is unknown, used, expired or revoked.</summary>
    public static Problem InvalidToken { get; } =
        new(StatusCodes.Status401Unauthorized, "auth.invalid", "This token or link is invalid or has expired.");

    /// <summary>Sign-up is disabled.</summary>
    public static Problem SignUpDisabled { get; } =
        new(StatusCodes.Status403Forbidden, "auth.signup_closed", "Sign-up is disabled. Ask an admin for an invitation.");

    /// <summary>An account with this e-mail address exists.</summary>
    public static Problem EmailTaken { get; } =
        new(StatusCodes.Status409Conflict, "auth.email_taken", "An account with this e-mail address exists. Sign in with it.");

    /// <summary>The credential does not come from a sign-in with a password.</summary>
    public static Problem SessionRequired { get; } =
        new(StatusCodes.Status403Forbidden, "auth.credential", "This requires a sign-in with a password.");

    /// <summary>The credential is a key of one env or one tenant, and the request reaches further.</summary>
    public static Problem CredentialTooNarrow { get; } =
        new(StatusCodes.Status403Forbidden, "auth.credential", "This credential is limited to one tenant or env.");

    /// <summary>Only the platform whose tokens are trusted creates tenants.</summary>
    public static Problem TenantCreationRestricted { get; } =
        new(StatusCodes.Status403Forbidden, "auth.role", "Only the trusted platform or an admin of t_system can create tenants.");

    /// <summary>The tenant id is taken.</summary>
    public static Problem TenantIdTaken { get; } =
        new(StatusCodes.Status409Conflict, "tenant.taken", "This tenant id is taken.");

    /// <summary>An owner suspended the tenant.</summary>
    public static Problem TenantSuspended { get; } =
        new(StatusCodes.Status403Forbidden, "tenant.suspended", "This tenant is suspended. An owner can reactivate it.");

    /// <summary>The last owner can neither leave nor get a lower role.</summary>
    public static Problem LastOwner { get; } =
        new(StatusCodes.Status409Conflict, "member.last_owner", "A tenant must have at least one owner. Make another member an owner first.");

    /// <summary>The person is already a member.</summary>
    public static Problem AlreadyMember { get; } =
        new(StatusCodes.Status409Conflict, "member.exists", "This person is already a member.");

    /// <summary>Otherwise an admin of one tenant could get into other tenants, or into somebody's account.</summary>
    public static Problem AccountNotOwnedByTenant { get; } = new(
        StatusCodes.Status403Forbidden,
        "member.elsewhere",
        "This account was not created by joining this tenant, or belongs to other tenants too. "
            + "Only the operator of the service can reset its password.");

    /// <summary>Too many attempts to sign in.</summary>
    public static Problem TooManyAttempts(string action, TimeSpan wait, TimeProvider time) =>
        new(StatusCodes.Status429TooManyRequests, "rate_limit.exceeded", "Too many attempts. Try again later.")
        {
            Gate = "rate_limit",
            Action = action,
            LiftsAt = time.GetUtcNow() + wait,
            RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
        };

    /// <summary>422 that names every invalid field; null if all are valid.</summary>
    public static Problem? Validate(params ReadOnlySpan<(string Field, string? Mistake)> rules)
    {
        var errors = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (field, mistake) in rules)
        {
            if (mistake is not null)
            {
                errors[field] = [mistake];
            }
        }

        return errors.Count == 0
            ? null
            : new Problem(
                StatusCodes.Status422UnprocessableEntity, "body.invalid", string.Join(" ", errors.Select(e => $"{e.Key}: {e.Value[0]}")))
            {
                Errors = errors,
            };
    }

    /// <summary>Validates a display name.</summary>
    public static string? ValidateName(string? name, bool required = true) => name switch
    {
        null => required ? "is required." : null,
        _ when name.Trim().Length is 0 or > 200 => "must have 1 to 200 characters.",
        _ when name.Any(char.IsControl) => "must not contain control characters.",
        _ => null,
    };

    /// <summary>Validates an e-mail address.</summary>
    public static string? ValidateEmail(string email) => Emails.IsValid(Emails.Normalize(email)) ? null : "must be an e-mail address.";

    /// <summary>Validates a tenant id.</summary>
    public static string? ValidateTenantId(string tenantId) =>
        TenantId.IsValid(tenantId) ? null : "must be t_ and 1 to 62 of a-z, 0-9, _ and -, such as t_acme.";

    /// <summary>Validates the name of a role.</summary>
    public static string? ValidateRole(string role, out Role parsed) =>
        Roles.TryParse(role, out parsed) ? null : "must be owner, admin, member or viewer.";
}
