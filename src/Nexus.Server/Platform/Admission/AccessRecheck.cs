using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Admission.KillSwitches;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Whether the caller of a request that goes on for long may still do what it does. Asked again and again, since what the chain found
/// when the request came holds for that moment: a member is removed, a token expires, a switch is thrown.
/// </summary>
internal sealed class AccessRecheck(Authenticator authenticator, MembershipResolver memberships, TenantDirectory tenants, KillSwitchStore switches)
{
    private readonly KillSwitchGate _killSwitchGate = new(switches);

    /// <summary>What the caller would be refused with now; null where nothing has changed. As old as the caches of membership and switches: up to 5 s.</summary>
    public async ValueTask<Problem?> CheckAsync(HttpContext http, RequestContext context)
    {
        var (auth, refused) = await authenticator.AuthenticateAsync(http);
        return auth is null ? refused : await CheckMembershipAsync(http, context, auth);
    }

    /// <summary>The same for work that a person's token need not outlive: it was good when the work began. An API key must still be one.</summary>
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
