using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>Creates links for setting a new password: for the operator, and for admins within their own tenant.</summary>
internal sealed class PasswordResetLinks(Database database, EventLog log, PublicUrl publicUrl, TimeProvider time)
{
    /// <summary>Creates a link on behalf of the operator, for any user with a password here. Returns null for an unknown address.</summary>
    public ValueTask<OneTimeLink?> CreateAsync(string email, string url, CancellationToken cancellationToken) => database.WriteAsync(
        Scope.System,
        async session => await StoredUser.FindByEmailAsync(session, email) is { } user
            ? await AddAsync(session, RequestContextFactory.ForSystem("reset_link_create"), user.UserId, null, url)
            : null,
        cancellationToken);

    /// <summary>
    /// Creates a link on behalf of an admin. Allowed only for members whose role does not exceed the admin's and whose account
    /// belongs to the tenant. Users who signed up by themselves can be added as members without their consent, so their accounts
    /// stay their own.
    /// </summary>
    /// <exception cref="ProblemException">
    /// 404 if the user is not a member here; 403 if the account belongs to another tenant or the role is stronger.
    /// </exception>
    public async ValueTask<OneTimeLink> CreateAsync(WriteSession session, RequestContext context, string email, string url)
    {
        var user = await StoredUser.FindByEmailAsync(session, email);
        var here = user is null ? null : await StoredMembership.FindAsync(session, context.TenantId, user.UserId);
        if (user is null || here is not { IsActive: true })
        {
            throw new ProblemException(Problem.NotFound);
        }

        if (here.Role > context.Role)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(here.Role));
        }

        if (!await IsOwnedByTenantAsync(session, user.UserId, context.TenantId))
        {
            throw new ProblemException(IdentityProblems.AccountNotOwnedByTenant);
        }

        return await AddAsync(session, context, user.UserId, context.TenantId, url);
    }

    /// <summary>
    /// Returns whether the account was created through this tenant's invitation and its user is a member here and nowhere else.
    /// </summary>
    public static async ValueTask<bool> IsOwnedByTenantAsync(ReadSession session, string userId, string tenantId)
    {
        var active = (await StoredMembership.ListByUserAsync(session, userId)).FindAll(row => row.IsActive);
        return active is [var only] && only.TenantId == tenantId && (await StoredUser.FindAsync(session, userId))?.MadeIn == tenantId;
    }

    /// <summary>Returns the base URL of links: the configured URL, or the one of the request.</summary>
    public string GetBaseUrl(HttpRequest request) => publicUrl.Configured ?? $"{request.Scheme}://{request.Host}";

    private async ValueTask<OneTimeLink> AddAsync(WriteSession session, RequestContext context, string userId, string? madeIn, string url)
    {
        var link = OneTimeLinkStore.Create(OneTimeLinkStore.Reset, url, time.GetUtcNow());
        await log.AppendAsync(session, context, new NewEvent("reset_link_created", "user", userId) { Surface = "auth" });
        await OneTimeLinkStore.AddAsync(session, link, userId, madeIn, time.GetUtcNowMicros());
        return link;
    }
}
