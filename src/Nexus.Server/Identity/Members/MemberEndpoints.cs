using Nexus.Client;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>
/// Members of a tenant. Admins list, add, change and remove up to their own role, owners everybody; anybody may leave, but the
/// last owner. Members belong to all envs, so a key of one env cannot touch them.
/// </summary>
internal static class MemberEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapMembers(this IEndpointRouteBuilder app)
    {
        var members = app.MapGroup("/tenants/{tenant_id}/members").WithTags("Identity");
        members.MapGet("", ListAsync).Does("members_read", Role.Admin).WithSummary("List members and open invitations");
        members.MapPost("", AddAsync).Does("member_add", Role.Admin).Produces<Member>().WithSummary("Take somebody in, by invitation where the address is unknown");
        members.MapPatch("{user_id}", UpdateAsync).Does("member_update", Role.Admin).Produces<Member>().WithSummary("Give a member another role");
        members.MapDelete("{user_id}", RemoveAsync).Does("member_remove", Role.Viewer).Produces(StatusCodes.Status204NoContent).WithSummary("Remove a member, withdraw an invitation, or leave");
        app.MapPost("/tenants/{tenant_id}/reset-links", ResetAsync).WithTags("Identity").Does("reset_link_create", Role.Admin).Produces<OneTimeLink>().WithSummary("Make a one-time link for a new password");
    }

    private static async Task<PageAnswer<Member>> ListAsync(RequestContext context, PageRequest page, MemberStore members, CancellationToken cancellation) =>
        page.Answer(await members.ListAsync(context, page.After, page.Limit + 1, cancellation), last => last.UserId);

    private static async Task<IResult> AddAsync(
        RequestContext context, JsonBody<MemberRequest> body, HttpRequest request, Mutations mutations, MemberStore members, ResetLinks links, CancellationToken cancellation)
    {
        if (Refusals.Broken(("email", Refusals.Email(body.Value.Email)), ("role", Refusals.RoleName(body.Value.Role, out var role))) is { } broken)
        {
            return broken;
        }

        if (Narrow(context, role) is { } refused)
        {
            return refused;
        }

        var url = links.Url(request);
        return await mutations.RunAsync(
            context.AcrossTenants(), session => members.AddAsync(session, context, body.Value.Email, role, url), cancellation, isSecret: member => member.Invitation is not null);
    }

    private static async Task<IResult> UpdateAsync(
        RequestContext context, string user_id, JsonBody<MemberUpdate> body, Mutations mutations, MemberStore members, CancellationToken cancellation)
    {
        if (Refusals.Broken(("role", Refusals.RoleName(body.Value.Role, out var role))) is { } broken)
        {
            return broken;
        }

        if (Narrow(context, role) is { } refused)
        {
            return refused;
        }

        return await mutations.RunAsync(context.AcrossTenants(), session => members.UpdateAsync(session, context, user_id, role), cancellation);
    }

    private static async Task<IResult> RemoveAsync(
        RequestContext context, string user_id, Mutations mutations, MemberStore members, CancellationToken cancellation)
    {
        if (user_id != context.UserId && context.Role < Role.Admin)
        {
            return Problems.RoleTooWeak(Role.Admin);
        }

        if (Narrow(context, Role.None) is { } refused)
        {
            return refused;
        }

        return await mutations.RunAsync(context.AcrossTenants(), session => members.RemoveAsync(session, context, user_id), cancellation);
    }

    private static async Task<IResult> ResetAsync(
        RequestContext context, JsonBody<ResetLinkRequest> body, HttpRequest request, Mutations mutations, ResetLinks links, CancellationToken cancellation)
    {
        if (Narrow(context, Role.None) is { } refused)
        {
            return refused;
        }

        var url = links.Url(request);
        return await mutations.RunAsync(
            context.AcrossTenants(), session => links.MakeAsync(session, context, body.Value.Email, url), cancellation, isSecret: _ => true);
    }

    private static Problem? Narrow(RequestContext context, Role wanted) =>
        context.Auth!.KeyEnv is not null ? Refusals.KeyTooNarrow
        : wanted > context.Role ? Problems.RoleTooWeak(wanted)
        : null;
}
