using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Members;

/// <summary>
/// Members of a tenant. Admins manage members up to their own role, owners everyone. Any member may leave except the last owner.
/// Membership spans all envs, so a key bound to one env cannot change it.
/// </summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder app)
    {
        var members = app.MapGroup("/tenants/{tenant_id}/members").WithTags("Identity");
        members.MapGet("", ListAsync).RequireAction("members_read", Role.Admin).WithSummary("List members and open invitations");
        members.MapPost("", AddAsync).RequireAction("member_add", Role.Admin)
            .WithSummary("Add a member, by invitation where the address is unknown");
        members.MapPatch("{user_id}", UpdateAsync).RequireAction("member_update", Role.Admin).WithSummary("Change a member's role");
        members.MapDelete("{user_id}", RemoveAsync).RequireAction("member_remove", Role.Viewer)
            .WithSummary("Remove a member, withdraw an invitation, or leave");
        app.MapPost("/tenants/{tenant_id}/reset-links", ResetAsync).WithTags("Identity").RequireAction("reset_link_create", Role.Admin)
            .WithSummary("Create a one-time password reset link");
    }

    private static async Task<PageResult<Member>> ListAsync(
        RequestContext context, PageRequest page, MemberStore members, CancellationToken cancellationToken) =>
        page.ToResult(await members.ListAsync(context, page.After, page.Limit + 1, cancellationToken), last => last.UserId);

    private static async Task<Results<EntityResult<Member>, Problem>> AddAsync(
        RequestContext context, JsonBody<MemberRequest> body, HttpRequest request, IdempotentWriter mutations, MemberStore members,
        PasswordResetLinks links, CancellationToken cancellationToken)
    {
        if (IdentityProblems.Validate(
            ("email", IdentityProblems.ValidateEmail(body.Value.Email)),
            ("role", IdentityProblems.ValidateRole(body.Value.Role, out var role))) is { } broken)
        {
            return broken;
        }

        if (CheckReach(context, role) is { } refused)
        {
            return refused;
        }

        var url = links.GetBaseUrl(request);
        return await mutations.RunAsync(
            context.AcrossTenants(),
            session => members.AddAsync(session, context, body.Value.Email, role, url),
            cancellationToken,
            isSecret: member => member.Invitation is not null);
    }

    private static async Task<Results<EntityResult<Member>, Problem>> UpdateAsync(
        RequestContext context, [FromRoute(Name = "user_id")] string userId, JsonBody<MemberUpdate> body, IdempotentWriter mutations,
        MemberStore members, CancellationToken cancellationToken)
    {
        if (IdentityProblems.Validate(("role", IdentityProblems.ValidateRole(body.Value.Role, out var role))) is { } broken)
        {
            return broken;
        }

        if (CheckReach(context, role) is { } refused)
        {
            return refused;
        }

        return await mutations.RunAsync(
            context.AcrossTenants(), session => members.UpdateAsync(session, context, userId, role), cancellationToken);
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        RequestContext context, [FromRoute(Name = "user_id")] string userId, IdempotentWriter mutations, MemberStore members,
        CancellationToken cancellationToken)
    {
        if (userId != context.UserId && context.Role < Role.Admin)
        {
            return AuthProblems.InsufficientRole(Role.Admin);
        }

        if (CheckReach(context, Role.None) is { } refused)
        {
            return refused;
        }

        return await mutations.RunAsync(
            context.AcrossTenants(), session => members.RemoveAsync(session, context, userId), cancellationToken);
    }

    private static async Task<Results<EntityResult<OneTimeLink>, Problem>> ResetAsync(
        RequestContext context, JsonBody<ResetLinkRequest> body, HttpRequest request, IdempotentWriter mutations, PasswordResetLinks links,
        CancellationToken cancellationToken)
    {
        if (CheckReach(context, Role.None) is { } refused)
        {
            return refused;
        }

        var url = links.GetBaseUrl(request);
        return await mutations.RunAsync(
            context.AcrossTenants(),
            session => links.CreateAsync(session, context, body.Value.Email, url),
            cancellationToken,
            isSecret: _ => true);
    }

    private static Problem? CheckReach(RequestContext context, Role role) =>
        context.Auth!.KeyEnv is not null ? IdentityProblems.CredentialTooNarrow
        : role > context.Role ? AuthProblems.InsufficientRole(role)
        : null;
}
