using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tenants;

/// <summary>Tenants. Whoever creates a tenant becomes its owner; its admins rename it, and its owners suspend it.</summary>
internal static class TenantEndpoints
{
    /// <summary>The action that a suspended tenant still allows.</summary>
    public const string UpdateAction = "tenant_update";

    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        var tenants = app.MapGroup("/tenants").WithTags("Identity");
        tenants.MapPost("", CreateAsync).RequireTenantlessAction("tenant_create")
            .WithSummary("Create a tenant; the caller becomes its owner");
        tenants.MapGet("", ListAsync).RequireTenantlessAction("tenants_read").WithSummary("List the caller's tenants");
        tenants.MapPatch("{tenant_id}", UpdateAsync).RequireAction(UpdateAction, Role.Admin)
            .WithSummary("Rename, suspend or reactivate a tenant");
    }

    private static async Task<Results<EntityResult<Tenant>, Problem>> CreateAsync(
        RequestContext context, JsonBody<TenantRequest> body, IdempotentWriter mutations, MembershipResolver memberships,
        TenantDirectory tenants, AuthOptions options, EventLog log, CancellationToken cancellationToken)
    {
        var (auth, request) = (context.Auth!, body.Value);
        if (auth.IsApiKey || auth.IsLimitedToTenantIds)
        {
            return IdentityProblems.CredentialTooNarrow;
        }

        if (IdentityProblems.Validate(
            ("tenant_id", IdentityProblems.ValidateTenantId(request.TenantId)),
            ("name", IdentityProblems.ValidateName(request.Name))) is { } broken)
        {
            return broken;
        }

        // Check for a replay first: after the first run the tenant exists, and its id is taken.
        if (await mutations.FindReplayAsync<Tenant>(context, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        // If a platform names tenants in its own tokens, they have no row, and nobody else may become the owner of one by
        // creating it first. There, only those tokens and admins of tenant-0 can create tenants. In any case, an id is taken if a
        // log exists for it.
        var isTrusted = await memberships.GetRoleAsync(auth, TenantId.System, cancellationToken) >= Role.Admin
            || (auth.HasTrustedClaims && auth.RoleMap.GetValueOrDefault(request.TenantId) == Role.Owner);
        if (!isTrusted && options.TrustedHs256Secret is not null)
        {
            return IdentityProblems.TenantCreationRestricted;
        }

        if (!isTrusted && await tenants.HasLogAsync(request.TenantId, cancellationToken))
        {
            return IdentityProblems.TenantIdTaken;
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                if (await StoredTenant.FindAsync(session, request.TenantId) is not null)
                {
                    throw new ProblemException(IdentityProblems.TenantIdTaken);
                }

                var created = await log.AppendAsync(
                    session,
                    context,
                    new NewEvent("tenant_created", "tenant", request.TenantId) { Surface = "auth" });
                await StoredTenant.CreateWithOwnerAsync(session, request.TenantId, request.Name.Trim(), context.UserId, created);
                return (await StoredTenant.FindAsync(session, request.TenantId))!.ToWire();
            },
            cancellationToken);
    }

    private static async Task<PageResult<Tenant>> ListAsync(
        RequestContext context, PageRequest page, MembershipResolver memberships, Database database, CancellationToken cancellationToken)
    {
        var places = await memberships.ListAsync(context.Auth!, cancellationToken);
        var ids = places.Select(place => place.TenantId)
            .Where(id => string.CompareOrdinal(id, page.After) > 0)
            .Order(StringComparer.Ordinal)
            .Take(page.Limit + 1)
            .ToArray();
        var rows = await database.ReadAsync(Scope.System, session => StoredTenant.FindAsync(session, ids), cancellationToken);
        return page.ToResult(
            [.. ids.Select(id => rows.Find(row => row.TenantId == id)?.ToWire() ?? StoredTenant.FromId(id))],
            last => last.TenantId);
    }

    private static async Task<Results<EntityResult<Tenant>, Problem>> UpdateAsync(
        RequestContext context, JsonBody<TenantUpdate> body, IdempotentWriter mutations, EventLog log, CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (context.Auth!.KeyEnv is not null)
        {
            return IdentityProblems.CredentialTooNarrow;
        }

        if (IdentityProblems.Validate(
            ("name", IdentityProblems.ValidateName(request.Name, required: false)),
            ("status", request.Status switch
            {
                null or "active" => null,
                "suspended" => context.TenantId == TenantId.System ? "must be active: t_system cannot be suspended." : null,
                _ => Suggestions.Unknown("status", request.Status, ["active", "suspended"]),
            })) is { } broken)
        {
            return broken;
        }

        if (request.Status is not null && context.Role < Role.Owner)
        {
            return AuthProblems.InsufficientRole(Role.Owner);
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                if (await StoredTenant.FindAsync(session, context.TenantId) is not { } before)
                {
                    throw new ProblemException(Problem.NotFound);
                }

                var (name, status) = (request.Name?.Trim() ?? before.Name, request.Status ?? before.Status);
                var updated = await log.AppendAsync(session, context, new NewEvent("tenant_updated", "tenant", context.TenantId)
                {
                    Surface = "auth",
                    Input = new JsonObject { ["name_changed"] = name != before.Name, ["status"] = status },
                });
                await session.ExecuteAsync(
                    "update tenants set name = @name, status = @status, seq = @Seq where tenant_id = @TenantId",
                    new { name, status, updated.Seq, context.TenantId });
                await session.NotifyAsync(TenantDirectory.Topic, context.TenantId);
                return (await StoredTenant.FindAsync(session, context.TenantId))!.ToWire();
            },
            cancellationToken);
    }
}
