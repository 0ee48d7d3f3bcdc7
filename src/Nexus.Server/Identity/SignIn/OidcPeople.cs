using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>
/// People of trusted issuers. Whoever comes first time gets a user, known by issuer and subject, and a membership in each
/// tenant that the issuer is bound to, unless there is a row already: one that was revoked stays revoked.
/// </summary>
internal sealed class OidcPeople(Database database, EventLog log)
{
    /// <summary>The person as a caller, made at need.</summary>
    public async ValueTask<AuthContext> AdmitAsync(HttpContext http, OidcPerson person)
    {
        var userId = await FindAsync(person, http.RequestAborted) ?? await JoinAsync(http, person);
        return new AuthContext
        {
            UserId = userId,
            Email = person.Email,
            TenantIds = [.. person.Issuer.Tenants],
            DefaultTenantId = person.Issuer.Tenants[0],
            Provider = person.Issuer.Issuer,
            Claims = person.Token.Payload,
            TenantsAreBound = true,
            ExpiresAt = person.Token.ExpiresAt,
        };
    }

    /// <summary>The user's id if they and their memberships are all there.</summary>
    private ValueTask<string?> FindAsync(OidcPerson person, CancellationToken cancellation) => database.ReadAsync(
        Scope.System,
        async session => await StoredUser.FindBySubjectAsync(session, person.Issuer.Issuer, person.Subject) is { } user
            && (await MissingAsync(session, user.UserId, person.Issuer)).Count == 0 ? user.UserId : null,
        cancellation);

    private ValueTask<string> JoinAsync(HttpContext http, OidcPerson person) => database.WriteAsync(
        Scope.System,
        async session =>
        {
            // Writes of this scope wait for each other, on all nodes: nobody joins twice.
            var user = await StoredUser.FindBySubjectAsync(session, person.Issuer.Issuer, person.Subject);
            var userId = user?.UserId ?? Id.New();
            var missing = await MissingAsync(session, userId, person.Issuer);
            if (user is not null && missing.Count == 0)
            {
                return userId;
            }

            var joined = await log.AppendAsync(session, Callers.At(http, "sign_in", userId), new NewEvent("user_joined", "user", userId)
            {
                Surface = "auth",
                Output = new JsonObject { ["tenants"] = new JsonArray([.. missing.Select(t => JsonValue.Create(t))]), ["role"] = person.Issuer.Role },
            });
            if (user is null)
            {
                var made = new StoredUser { UserId = userId, Email = person.Email, Issuer = person.Issuer.Issuer };
                await StoredUser.InsertAsync(session, made, person.Subject, joined.RecordedAt, joined.Seq);
            }

            foreach (var tenantId in missing)
            {
                await StoredMembership.PutAsync(session, tenantId, userId, person.Issuer.JoinsAs, active: true, joined.RecordedAt, joined.Seq);
                await session.NotifyAsync(Memberships.Topic, Memberships.Key(tenantId, userId));
            }

            return userId;
        },
        http.RequestAborted);

    private static async ValueTask<List<string>> MissingAsync(ReadSession session, string userId, IssuerOptions issuer)
    {
        var rows = await StoredMembership.OfUserAsync(session, userId);
        return [.. issuer.Tenants.Where(tenant => !rows.Exists(row => row.TenantId == tenant))];
    }
}
