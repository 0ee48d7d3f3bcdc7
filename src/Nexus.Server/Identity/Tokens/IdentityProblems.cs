using Nexus.Server.Identity.Accounts;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>What identity routes refuse with, beyond the refusals of the chain.</summary>
internal static class IdentityProblems
{
    /// <summary>Says nothing about which half was wrong, or whether there is such an account.</summary>
    public static Problem InvalidCredentials { get; } = new(StatusCodes.Status401Unauthorized, "auth.invalid", "The e-mail address or the password is wrong.");

    /// <summary>The password until now is not the one that was sent; 403, since the token is good and sending another would not help.</summary>
    public static Problem WrongCurrentPassword { get; } = new(StatusCodes.Status403Forbidden, "auth.password", "The current password is wrong.");

    /// <summary>A refresh token or link that is unknown, used, expired or revoked.</summary>
    public static Problem InvalidToken { get; } = new(StatusCodes.Status401Unauthorized, "auth.invalid", "The token is not good, or no longer.");

    /// <summary>Signing up is off.</summary>
    public static Problem SignUpDisabled { get; } = new(StatusCodes.Status403Forbidden, "auth.signup_closed", "People join here by invitation.");

    /// <summary>There is an account of this address.</summary>
    public static Problem EmailTaken { get; } = new(StatusCodes.Status409Conflict, "auth.email_taken", "There is an account with this e-mail address. Sign in with it.");

    /// <summary>The credential is not one of a person who signed in with a password.</summary>
    public static Problem SessionRequired { get; } = new(StatusCodes.Status403Forbidden, "auth.credential", "Only somebody who signed in here with a password can do this.");

    /// <summary>The credential cannot reach what it asks for: a key of one env or one tenant.</summary>
    public static Problem CredentialTooNarrow { get; } = new(StatusCodes.Status403Forbidden, "auth.credential", "This credential is bound to one tenant or env, and this reaches further.");

    /// <summary>The platform whose tokens are trusted names the tenants.</summary>
    public static Problem TenantCreationRestricted { get; } = new(StatusCodes.Status403Forbidden, "auth.role", "Tenants are made by the platform here, or by an admin of t_system.");

    /// <summary>The tenant's id is taken.</summary>
    public static Problem TenantIdTaken { get; } = new(StatusCodes.Status409Conflict, "tenant.taken", "This tenant id is taken.");

    /// <summary>The tenant was suspended by its owner.</summary>
    public static Problem TenantSuspended { get; } = new(StatusCodes.Status403Forbidden, "tenant.suspended", "This tenant is suspended. An owner can make it active again.");

    /// <summary>The last owner cannot go or become less.</summary>
    public static Problem LastOwner { get; } = new(StatusCodes.Status409Conflict, "member.last_owner", "A tenant keeps at least one owner. Make somebody else owner first.");

    /// <summary>Who is to be added is a member already.</summary>
    public static Problem AlreadyMember { get; } = new(StatusCodes.Status409Conflict, "member.exists", "This person is a member already.");

    /// <summary>A tenant's admin must not get into other tenants, or a stranger's account, through a person they share.</summary>
    public static Problem AccountNotOwnedByTenant { get; } = new(
        StatusCodes.Status403Forbidden, "member.elsewhere", "This person's account was not made by joining this tenant, or they are a member of other tenants too; only the service's operator can reset their password.");

    /// <summary>Too many attempts to sign in.</summary>
    public static Problem TooManyAttempts(string action, TimeSpan wait, TimeProvider time) =>
        new(StatusCodes.Status429TooManyRequests, "rate_limit.exceeded", "Too many attempts. Wait before the next one.")
        {
            Gate = "rate_limit",
            Action = action,
            LiftsAt = time.GetUtcNow() + wait,
            RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
        };

    /// <summary>422 naming every field that breaks a rule; null if none does.</summary>
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
            : new Problem(StatusCodes.Status422UnprocessableEntity, "body.invalid", string.Join(" ", errors.Select(e => $"{e.Key}: {e.Value[0]}"))) { Errors = errors };
    }

    /// <summary>The rule of a name that people read.</summary>
    public static string? ValidateName(string? name, bool required = true) => name switch
    {
        null => required ? "is required." : null,
        _ when name.Trim().Length is 0 or > 200 => "has 1 to 200 characters.",
        _ when name.Any(char.IsControl) => "has no control characters.",
        _ => null,
    };

    /// <summary>The rule of an e-mail address.</summary>
    public static string? ValidateEmail(string email) => Emails.IsValid(Emails.Normalize(email)) ? null : "is no e-mail address.";

    /// <summary>The rule of a tenant's id.</summary>
    public static string? ValidateTenantId(string tenantId) => TenantId.IsValid(tenantId) ? null : "is t_ and 1 to 62 of a-z, 0-9, _ and -.";

    /// <summary>The rule of a role's name.</summary>
    public static string? ValidateRole(string role, out Role parsed) => Roles.TryParse(role, out parsed) ? null : "is owner, admin, member or viewer.";
}
