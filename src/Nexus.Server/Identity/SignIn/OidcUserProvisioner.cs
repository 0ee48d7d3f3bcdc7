using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>
/// Creates users for identities of trusted issuers. A first sign-in creates a user, identified by issuer and subject, and a
/// membership in each tenant the issuer is bound to, unless there is a row. A revoked membership stays revoked.
/// </summary>
internal sealed class OidcUserProvisioner(Database database, EventLog log)
{
    /// <summary>Returns the caller for an identity. Creates the user if necessary.</summary>
    public async ValueTask<AuthContext> ProvisionAsync(HttpContext http, OidcIdentity person)
    {
        var userId = await FindAsync(person, http.RequestAborted) ?? await CreateAsync(http, person);
        return new AuthContext
        {
            UserId = userId,
            Email = person.Email,
            TenantIds = [.. person.Issuer.Tenants],
            DefaultTenantId = person.Issuer.Tenants[0],
            Provider = person.Issuer.Issuer,
            Claims = person.Token.Payload,
            IsLimitedToTenantIds = true,
            ExpiresAt = person.Token.ExpiresAt,
        };
    }

    /// <summary>Returns the user's id if the user and all memberships exist; otherwise null.</summary>
    private ValueTask<string?> FindAsync(OidcIdentity person, CancellationToken cancellationToken) => database.ReadAsync(
        Scope.System,
        async session => await StoredUser.FindBySubjectAsync(session, person.Issuer.Issuer, person.Subject) is { } user
            && (await FindMissingTenantsAsync(session, user.UserId, person.Issuer)).Count == 0 ? user.UserId : null,
        cancellationToken);

    private ValueTask<string> CreateAsync(HttpContext http, OidcIdentity person) => database.WriteAsync(
        Scope.System,
        async session =>
        {
            // Writes of this scope are serialized across all nodes, so nobody joins twice.
            var user = await StoredUser.FindBySubjectAsync(session, person.Issuer.Issuer, person.Subject);
            var userId = user?.UserId ?? Id.New();
            var missing = await FindMissingTenantsAsync(session, userId, person.Issuer);
            if (user is not null && missing.Count == 0)
            {
                return userId;
            }

            var joined = await log.AppendAsync(
                session,
                RequestContextFactory.ForUser(http, "sign_in", userId),
                new NewEvent("user_joined", "user", userId)
                {
                    Surface = "auth",
                    Output = new JsonObject
                    {
                        ["tenants"] = new JsonArray([.. missing.Select(t => JsonValue.Create(t))]),
                        ["role"] = person.Issuer.Role,
                    },
                });
            if (user is null)
            {
                var newUser = new StoredUser { UserId = userId, Email = person.Email, Issuer = person.Issuer.Issuer };
                await StoredUser.InsertAsync(session, newUser, person.Subject, joined.RecordedAt, joined.Seq);
            }

            foreach (var tenantId in missing)
            {
                await StoredMembership.UpsertAsync(
                    session,
                    tenantId,
                    userId,
                    person.Issuer.ParsedRole,
                    active: true,
                    joined.RecordedAt,
                    joined.Seq);
                await session.NotifyAsync(MembershipResolver.Topic, MembershipResolver.CacheKey(tenantId, userId));
            }

            return userId;
        },
        http.RequestAborted);

    private static async ValueTask<List<string>> FindMissingTenantsAsync(ReadSession session, string userId, IssuerOptions issuer)
    {
        var rows = await StoredMembership.ListByUserAsync(session, userId);
        return [.. issuer.Tenants.Where(tenant => !rows.Exists(row => row.TenantId == tenant))];
    }
}
