using Nexus.Server.Platform.Http;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>Refusals of callers without a valid credential, membership or role.</summary>
internal static class AuthProblems
{
    /// <summary>No credential was sent.</summary>
    public static Problem AuthMissing { get; } =
        new(ProblemCodes.AuthMissing, "Missing credential. Send Authorization: Bearer <token> or X-API-Key.");

    /// <summary>The credential does not verify. Why is not said.</summary>
    public static Problem AuthInvalid { get; } = new(ProblemCodes.AuthInvalid, "The token is invalid, has expired or was revoked.");

    /// <summary>The caller is not a member, or there is no such tenant: the two look alike.</summary>
    /// <param name="tenantId">A well-formed tenant id, as the caller named it.</param>
    public static Problem TenantMismatch(string tenantId) =>
        new(ProblemCodes.AuthTenantMismatch, $"You are not a member of tenant {tenantId}.");

    /// <summary>The caller's role does not allow the action.</summary>
    public static Problem InsufficientRole(Role weakest) =>
        new(
            ProblemCodes.AuthRole,
            weakest == Role.Owner ? "This requires the role owner." : $"This requires the role {weakest.ToWireName()} or higher.");

    /// <summary>The refusal of a role that is too weak for an action in a tenant; null where it suffices.</summary>
    public static Problem? CheckRole(string tenantId, Role role, Role weakest) =>
        role == Role.None ? TenantMismatch(tenantId) : role < weakest ? InsufficientRole(weakest) : null;
}
