using Nexus.Server.Platform.Http;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>What a caller without the right is told; the codes are the contract's.</summary>
internal static class AuthProblems
{
    /// <summary>No credential was sent.</summary>
    public static Problem AuthMissing { get; } = new(StatusCodes.Status401Unauthorized, "auth.missing", "Send a token: Authorization: Bearer, or X-API-Key.");

    /// <summary>The credential does not verify. Why is not said.</summary>
    public static Problem AuthInvalid { get; } = new(StatusCodes.Status401Unauthorized, "auth.invalid", "The token does not verify, has expired or was revoked.");

    /// <summary>The caller is no member, or there is no such tenant: the two look alike.</summary>
    public static Problem TenantMismatch { get; } = new(StatusCodes.Status403Forbidden, "auth.tenant_mismatch", "The caller is no member of this tenant.");

    /// <summary>The caller's role does not allow the action.</summary>
    public static Problem InsufficientRole(Role weakest) => new(StatusCodes.Status403Forbidden, "auth.role", $"This needs the role {weakest.ToWireName()} or a stronger one.");

    /// <summary>What a caller of a role is refused with where a stronger one is needed; null where theirs is enough.</summary>
    public static Problem? CheckRole(Role role, Role weakest) => role == Role.None ? TenantMismatch : role < weakest ? InsufficientRole(weakest) : null;
}
