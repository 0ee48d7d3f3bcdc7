using Nexus.Client;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>Makes what signing in, up, refreshing and redeeming answer: tokens, the person, and where they are a member.</summary>
internal sealed partial class SignInService(Database database, AccessTokenProvider own, ILogger<SignInService> logger)
{
    /// <summary>The answer for an open session.</summary>
    /// <param name="open">The session.</param>
    /// <param name="wanted">The tenant to be the default, where <see cref="RequireMembershipAsync"/> let it through.</param>
    /// <param name="http">Its answer is not to be stored anywhere.</param>
    public async ValueTask<AuthSession> CreateResponseAsync(IssuedSession open, string? wanted, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (user, rows) = await database.ReadAsync(
            Scope.System,
            async session => (await StoredUser.FindAsync(session, open.UserId), (await StoredMembership.ListByUserAsync(session, open.UserId)).FindAll(row => row.IsActive)),
            http.RequestAborted);
        // Who left the tenant since the session was written has it no more; the session stands.
        var first = rows.Find(row => row.TenantId == wanted)?.TenantId ?? rows.FirstOrDefault()?.TenantId;
        var who = new AuthContext
        {
            UserId = open.UserId,
            Email = user!.Email,
            TenantIds = rows.ConvertAll(row => row.TenantId),
            DefaultTenantId = first,
            RoleMap = rows.ToDictionary(row => row.TenantId, row => row.Role, StringComparer.Ordinal),
            Provider = "password",
            SessionId = open.SessionId,
        };
        var tokens = await own.GetAsync(http.RequestAborted);
        return new AuthSession
        {
            AccessToken = tokens.Mint(who),
            TokenType = "bearer",
            RefreshToken = open.RefreshToken,
            ExpiresIn = (int)tokens.Lifetime.TotalSeconds,
            User = user.ToWire(),
            Tenant = first is null ? null : await GetTenantAsync(first, http.RequestAborted),
            Memberships = AccessTokenService.SelectTenants(who).ConvertAll(tenant => new Membership { TenantId = tenant, Role = who.RoleMap[tenant].ToWireName() }),
        };
    }

    /// <summary>
    /// Refuses a default tenant that the person is not a member of. Belongs in the write that makes the session or trades its
    /// token, so that a refusal rolls that back and the caller can ask again.
    /// </summary>
    /// <exception cref="ProblemException">403.</exception>
    public static async ValueTask RequireMembershipAsync(WriteSession session, string userId, string? wanted)
    {
        if (wanted is not null && await StoredMembership.FindAsync(session, wanted, userId) is not { IsActive: true })
        {
            throw new ProblemException(AuthProblems.TenantMismatch(wanted));
        }
    }

    /// <summary>A tenant as the wire shows it, with a row or without.</summary>
    public async ValueTask<Tenant> GetTenantAsync(string tenantId, CancellationToken cancellationToken) =>
        (await database.ReadAsync(new Scope(tenantId, "prod"), session => StoredTenant.FindAsync(session, tenantId), cancellationToken))?.ToWire() ?? StoredTenant.FromId(tenantId);

    /// <summary>Tells the log of a failed attempt; whose it was is not said there.</summary>
    [LoggerMessage(LogLevel.Information, "A sign-in was refused: wrong address or password")]
    public partial void LogWrongPassword();
}
