using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Admission.KillSwitches;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Checks whether the caller of a long-running request may still do what it does. Called repeatedly, because the admission check
/// is valid only for the moment the request arrived: a member may be removed, a token may expire, a kill switch may be set.
/// </summary>
internal sealed class AccessRecheck(
    Authenticator authenticator, MembershipResolver memberships, TenantDirectory tenants, KillSwitchStore switches)
{
    private readonly KillSwitchGate _killSwitchGate = new(switches);

    /// <summary>
    /// Returns the problem the caller would be refused with now; null if access is unchanged. Membership and kill switches may be
    /// cached for up to 5 s.
    /// </summary>
    public async ValueTask<Problem?> CheckAsync(HttpContext http, RequestContext context)
    {
        var (auth, refused) = await authenticator.AuthenticateAsync(http);
        return auth is null ? refused : await CheckMembershipAsync(http, context, auth);
    }

    /// <summary>
    /// Like <see cref="CheckAsync"/>, for work that may outlive a user's token, which was valid when the work began. An API key
    /// must still be valid.
    /// </summary>
    public ValueTask<Problem?> CheckMembershipAsync(HttpContext http, RequestContext context) =>
        context.Auth!.IsApiKey ? CheckAsync(http, context) : CheckMembershipAsync(http, context, context.Auth);

    private async ValueTask<Problem?> CheckMembershipAsync(HttpContext http, RequestContext context, AuthContext auth)
    {
        var action = http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointAction>();
        var role = await memberships.GetRoleAsync(auth, context.TenantId, http.RequestAborted);
        return AuthProblems.CheckRole(context.TenantId, role, action.MinimumRole) is { } weak ? weak
            : await tenants.IsSuspendedAsync(context.TenantId, http.RequestAborted) ? IdentityProblems.TenantSuspended
            : await _killSwitchGate.CheckAsync(context, action, null, http.RequestAborted);
    }
}
