using Nexus.Client;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>Creates the response to sign-in, sign-up, refresh and redemption: tokens, the user and their memberships.</summary>
internal sealed partial class SignInService(Database database, AccessTokenProvider own, ILogger<SignInService> logger)
{
    /// <summary>Creates the response for a session.</summary>
    /// <param name="requestedTenant">
    /// The requested default tenant, already checked by <see cref="RequireMembershipAsync"/>; null if none.
    /// </param>
    /// <param name="http">The request. Its response is marked as not cacheable.</param>
    public async ValueTask<AuthSession> CreateResponseAsync(IssuedSession open, string? requestedTenant, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (user, rows) = await database.ReadAsync(
            Scope.System,
            async session =>
                (await StoredUser.FindAsync(session, open.UserId), (await StoredMembership.ListByUserAsync(session, open.UserId)).FindAll(
                    row => row.IsActive)),
            http.RequestAborted);
        // If the user has left the tenant since the session was stored, another one becomes the default; the session stays valid.
        var first = rows.Find(row => row.TenantId == requestedTenant)?.TenantId ?? rows.FirstOrDefault()?.TenantId;
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
            Memberships = AccessTokenService.SelectTenants(who)
                .ConvertAll(tenant => new Membership { TenantId = tenant, Role = who.RoleMap[tenant].ToWireName() }),
        };
    }

    /// <summary>
    /// Rejects a default tenant that the user is not a member of. Must run in the transaction that starts the session or uses the
    /// refresh token, so that a rejection rolls it back and the caller can retry.
    /// </summary>
    /// <exception cref="ProblemException">403.</exception>
    public static async ValueTask RequireMembershipAsync(WriteSession session, string userId, string? requestedTenant)
    {
        if (requestedTenant is not null && await StoredMembership.FindAsync(session, requestedTenant, userId) is not { IsActive: true })
        {
            throw new ProblemException(AuthProblems.TenantMismatch(requestedTenant));
        }
    }

    /// <summary>Returns a tenant in its wire form, whether or not it has a row.</summary>
    public async ValueTask<Tenant> GetTenantAsync(string tenantId, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Scope(tenantId, "prod"),
            session => StoredTenant.FindAsync(session, tenantId),
            cancellationToken))?.ToWire()
            ?? StoredTenant.FromId(tenantId);

    /// <summary>Logs a failed attempt without the account.</summary>
    [LoggerMessage(LogLevel.Information, "A sign-in was refused: wrong address or password")]
    public partial void LogWrongPassword();
}
