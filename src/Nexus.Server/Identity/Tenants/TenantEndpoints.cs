using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Setup;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tenants;

/// <summary>Tenants: made by whoever becomes their owner, named and suspended by those who run them.</summary>
internal static class TenantEndpoints
{
    /// <summary>The action that a suspended tenant still allows.</summary>
    public const string UpdateAction = "tenant_update";

    /// <summary>Maps the routes.</summary>
    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        var tenants = app.MapGroup("/tenants").WithTags("Identity");
        tenants.MapPost("", CreateAsync).DoesWithoutTenant("tenant_create").Produces<Tenant>().WithSummary("Make a tenant; the caller becomes its owner");
        tenants.MapGet("", ListAsync).DoesWithoutTenant("tenants_read").WithSummary("List the caller's tenants");
        tenants.MapPatch("{tenant_id}", UpdateAsync).Does(UpdateAction, Role.Admin).Produces<Tenant>().WithSummary("Rename, suspend or wake a tenant");
    }

    private static async Task<IResult> CreateAsync(
        RequestContext context, JsonBody<TenantRequest> body, Mutations mutations, Memberships memberships, TenantDirectory tenants, AuthOptions options, EventLog log, CancellationToken cancellation)
    {
        var (auth, wanted) = (context.Auth!, body.Value);
        if (auth.IsApiKey || auth.TenantsAreBound)
        {
            return Refusals.KeyTooNarrow;
        }

        if (Refusals.Broken(("tenant_id", Refusals.Tenant(wanted.TenantId)), ("name", Refusals.Name(wanted.Name))) is { } broken)
        {
            return broken;
        }

        // A tenant that was made and used is taken, also for a repeat of what made it.
        if (await mutations.RepeatAsync<Tenant>(context, cancellation) is { } repeat)
        {
            return repeat;
        }

        // Where a platform names tenants in tokens of its own, they need no row: a stranger must not become the owner of
        // one of those by asking first. So there only its own tokens, and those who run the service, make tenants; and
        // anywhere a tenant that left something in a log is taken.
        var isTrusted = await memberships.RoleAsync(auth, TenantId.System, cancellation) >= Role.Admin
            || (auth.ClaimsAreTrusted && auth.RoleMap.GetValueOrDefault(wanted.TenantId) == Role.Owner);
        if (!isTrusted && options.TrustedHs256Secret is not null)
        {
            return Refusals.TenantsAreNamed;
        }

        if (!isTrusted && await tenants.HasLogAsync(wanted.TenantId, cancellation))
        {
            return Refusals.TenantTaken;
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                if (await StoredTenant.FindAsync(session, wanted.TenantId) is not null)
                {
                    throw new ProblemException(Refusals.TenantTaken);
                }

                var created = await log.AppendAsync(session, context, new NewEvent("tenant_created", "tenant", wanted.TenantId) { Surface = "auth" });
                await Founding.FoundAsync(session, wanted.TenantId, wanted.Name.Trim(), context.UserId, created);
                return (await StoredTenant.FindAsync(session, wanted.TenantId))!.ToWire();
            },
            cancellation);
    }

    private static async Task<PageAnswer<Tenant>> ListAsync(RequestContext context, PageRequest page, Memberships memberships, Database database, CancellationToken cancellation)
    {
        var places = await memberships.OfAsync(context.Auth!, cancellation);
        var ids = places.Select(place => place.TenantId)
            .Where(id => string.CompareOrdinal(id, page.After) > 0)
            .Order(StringComparer.Ordinal)
            .Take(page.Limit + 1)
            .ToArray();
        var rows = await database.ReadAsync(Scope.System, session => StoredTenant.FindAsync(session, ids), cancellation);
        return page.Answer(
            [.. ids.Select(id => rows.Find(row => row.TenantId == id)?.ToWire() ?? StoredTenant.OnlyNamed(id))],
            last => last.TenantId);
    }

    private static async Task<IResult> UpdateAsync(RequestContext context, JsonBody<TenantUpdate> body, Mutations mutations, EventLog log, CancellationToken cancellation)
    {
        var wanted = body.Value;
        if (context.Auth!.KeyEnv is not null)
        {
            return Refusals.KeyTooNarrow;
        }

        if (Refusals.Broken(
            ("name", Refusals.Name(wanted.Name, required: false)),
            ("status", wanted.Status switch
            {
                null or "active" => null,
                "suspended" => context.TenantId == TenantId.System ? "of t_system is always active." : null,
                _ => "is active or suspended.",
            })) is { } broken)
        {
            return broken;
        }

        if (wanted.Status is not null && context.Role < Role.Owner)
        {
            return Problems.RoleTooWeak(Role.Owner);
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                if (await StoredTenant.FindAsync(session, context.TenantId) is not { } before)
                {
                    throw new ProblemException(Problem.NotFound);
                }

                var (name, status) = (wanted.Name?.Trim() ?? before.Name, wanted.Status ?? before.Status);
                var updated = await log.AppendAsync(session, context, new NewEvent("tenant_updated", "tenant", context.TenantId)
                {
                    Surface = "auth",
                    Input = new JsonObject { ["name_changed"] = name != before.Name, ["status"] = status },
                });
                await session.ExecuteAsync(
                    "update tenants set name = @name, status = @status, seq = @Seq where tenant_id = @TenantId", new { name, status, updated.Seq, context.TenantId });
                await session.NotifyAsync(TenantDirectory.Topic, context.TenantId);
                return (await StoredTenant.FindAsync(session, context.TenantId))!.ToWire();
            },
            cancellation);
    }
}
