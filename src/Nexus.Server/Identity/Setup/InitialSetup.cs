using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Setup;

/// <summary>
/// Sets up a new service. As long as tenant-0 has no owner, the holder of the setup link or the user named in the settings
/// becomes its owner.
/// </summary>
internal sealed class InitialSetup(
    Database database, PasswordService passwords, SessionStore sessions, EventLog log, InitOptions init, AuthOptions options,
    TimeProvider time)
{
    /// <summary>
    /// Runs at every start. Creates the tenants that issuers are bound to, so that nobody else can take their ids. Creates the
    /// first user if one is configured and tenant-0 has no owner.
    /// </summary>
    /// <exception cref="StartupException">The first user's address already has an account.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await CreateIssuerTenantsAsync(cancellationToken);
        if (!init.IsSet || await HasOwnerAsync(cancellationToken))
        {
            return;
        }

        var hash = await passwords.HashAsync(init.Password!, cancellationToken)
            ?? throw new StoreUnavailableException("Too many passwords are being hashed.");
        try
        {
            await database.WriteAsync(
                Scope.System,
                session =>
                    CreateFirstUserAsync(
                        session,
                        RequestContextFactory.ForSystem("first_start"),
                        init.Email!,
                        Id.New(),
                        hash,
                        init.Tenant!,
                        null),
                cancellationToken);
        }
        catch (ProblemException)
        {
            throw new StartupException(
                "The address of Nexus:Init:Email has an account already. Remove Nexus:Init and use the setup link, or name another "
                + "address.");
        }
    }

    /// <summary>Creates a setup link to print. Returns null if tenant-0 has an owner.</summary>
    /// <param name="url">The service's URL.</param>
    public async Task<OneTimeLink?> CreateLinkAsync(string url, CancellationToken cancellationToken)
    {
        if (await HasOwnerAsync(cancellationToken))
        {
            return null;
        }

        var link = OneTimeLinkStore.Create(OneTimeLinkStore.Setup, url, time.GetUtcNow());
        await database.WriteAsync(
            Scope.System,
            async session =>
            {
                await OneTimeLinkStore.AddAsync(session, link, null, null, time.GetUtcNowMicros());
                await log.AppendAsync(
                    session,
                    RequestContextFactory.ForSystem("first_start"),
                    new NewEvent("setup_link_created", "link") { Surface = "auth" });
                return true;
            },
            cancellationToken);
        return link;
    }

    /// <summary>Returns whether the token belongs to a valid setup link.</summary>
    public async ValueTask<bool> IsLinkValidAsync(string token, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            Scope.System,
            session => OneTimeLinkStore.FindAsync(session, OneTimeLinkStore.Setup, token, time.GetUtcNowMicros()),
            cancellationToken) is not null
        && !await HasOwnerAsync(cancellationToken);

    /// <summary>Creates the first user as requested by the holder of the link, and starts a session.</summary>
    /// <exception cref="ProblemException">
    /// 422; 503; 401 if the setup was completed by someone else; 409 if the address is taken.
    /// </exception>
    public async ValueTask<IssuedSession> CompleteAsync(HttpContext http, SetupRequest request)
    {
        if (IdentityProblems.Validate(
            ("email", IdentityProblems.ValidateEmail(request.Email)),
            ("password", PasswordService.Validate(request.Password)),
            ("tenant_id", IdentityProblems.ValidateTenantId(request.TenantId)),
            ("tenant_name", IdentityProblems.ValidateName(request.TenantName, required: false))) is { } broken)
        {
            throw new ProblemException(broken);
        }

        var hash = await passwords.HashAsync(request.Password, http.RequestAborted) ?? throw new ProblemException(Problem.Unavailable);
        return await database.WriteAsync(
            Scope.System,
            async session =>
            {
                if (!await OneTimeLinkStore.TryUseAsync(session, request.Token, time.GetUtcNowMicros()))
                {
                    throw new ProblemException(IdentityProblems.InvalidToken);
                }

                var userId = Id.New();
                var created = await CreateFirstUserAsync(
                    session,
                    RequestContextFactory.ForUser(http, "setup", userId),
                    request.Email,
                    userId,
                    hash,
                    request.TenantId,
                    request.TenantName?.Trim());
                return await sessions.StartAsync(session, userId, created ?? throw new ProblemException(IdentityProblems.InvalidToken));
            },
            http.RequestAborted);
    }

    /// <summary>The first user, owner of their tenant and of tenant-0; null if there is an owner already.</summary>
    private async ValueTask<long?> CreateFirstUserAsync(
        WriteSession session, RequestContext context, string email, string userId, string hash, string tenantId, string? tenantName)
    {
        // Writes of this scope are serialized across all nodes, so two starts cannot both create a first user.
        if (await StoredMembership.HasOtherOwnerAsync(session, TenantId.System, ""))
        {
            return null;
        }

        if (await StoredUser.FindByEmailAsync(session, email) is not null)
        {
            throw new ProblemException(IdentityProblems.EmailTaken);
        }

        var created = await log.AppendAsync(session, context, new NewEvent("setup_completed", "user", userId)
        {
            Surface = "auth",
            Output = new JsonObject { ["tenant_id"] = tenantId },
        });
        await StoredUser.InsertAsync(
            session,
            new StoredUser { UserId = userId, Email = Emails.Normalize(email), PasswordHash = hash },
            null,
            created.RecordedAt,
            created.Seq);
        await StoredTenant.CreateWithOwnerAsync(session, tenantId, tenantName ?? tenantId, userId, created);
        await StoredTenant.CreateWithOwnerAsync(session, TenantId.System, TenantId.System, userId, created);
        return created.Seq;
    }

    private async ValueTask<bool> HasOwnerAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        Scope.System,
        session =>
            session.FirstOrDefaultAsync<int>(
                "select 1 from memberships where tenant_id = @System and role = 'owner' and status = 'active'",
                new { TenantId.System }),
        cancellationToken) == 1;

    private async Task CreateIssuerTenantsAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in options.Issuers.SelectMany(issuer => issuer.Tenants).Distinct(StringComparer.Ordinal))
        {
            await database.WriteAsync(
                Scope.System,
                async session =>
                {
                    if (await StoredTenant.FindAsync(session, tenantId) is not null)
                    {
                        return false;
                    }

                    var created = await log.AppendAsync(
                        session,
                        RequestContextFactory.ForSystem("first_start"),
                        new NewEvent("tenant_created", "tenant", tenantId) { Surface = "auth" });
                    return await StoredTenant.InsertAsync(session, tenantId, tenantId, created.RecordedAt, created.Seq);
                },
                cancellationToken);
        }
    }
}
