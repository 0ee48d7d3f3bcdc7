using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>Makes links with which a person sets a new password: for the operator, and for admins as far as that crosses no tenant.</summary>
internal sealed class PasswordResetLinks(Database database, EventLog log, PublicUrl publicUrl, TimeProvider time)
{
    /// <summary>A link made by the operator at the machine, for anybody who has a password here; null for an unknown address.</summary>
    public ValueTask<OneTimeLink?> CreateAsync(string email, string url, CancellationToken cancellationToken) => database.WriteAsync(
        Scope.System,
        async session => await StoredUser.FindByEmailAsync(session, email) is { } user
            ? await AddAsync(session, RequestContextFactory.ForSystem("reset_link_create"), user.UserId, null, url)
            : null,
        cancellationToken);

    /// <summary>
    /// A link made by an admin. Only for members of their tenant whose role is at most their own, and whose account is the
    /// tenant's own: whoever signed up by themself can be made a member without being asked, and stays their own.
    /// </summary>
    /// <exception cref="ProblemException">404 for who is no member here; 403 where it would cross a tenant or a role.</exception>
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

    /// <summary>Whether an account was made with this tenant's invitation, and its person is a member here and nowhere else.</summary>
    public static async ValueTask<bool> IsOwnedByTenantAsync(ReadSession session, string userId, string tenantId)
    {
        var active = (await StoredMembership.ListByUserAsync(session, userId)).FindAll(row => row.IsActive);
        return active is [var only] && only.TenantId == tenantId && (await StoredUser.FindAsync(session, userId))?.MadeIn == tenantId;
    }

    /// <summary>Where links lead: the configured URL, or the one that the caller used.</summary>
    public string GetBaseUrl(HttpRequest request) => publicUrl.Configured ?? $"{request.Scheme}://{request.Host}";

    private async ValueTask<OneTimeLink> AddAsync(WriteSession session, RequestContext context, string userId, string? madeIn, string url)
    {
        var link = OneTimeLinkStore.Create(OneTimeLinkStore.Reset, url, time.GetUtcNow());
        await log.AppendAsync(session, context, new NewEvent("reset_link_created", "user", userId) { Surface = "auth" });
        await OneTimeLinkStore.AddAsync(session, link, userId, madeIn, time.GetUtcNowMicros());
        return link;
    }
}
