using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Agents.Maybes;

/// <summary>
/// Maybes: <c>/maybes/items</c>. Notes that may become useful. Each belongs to a user; for other members it looks as if it did
/// not exist.
/// </summary>
internal static class MaybeEndpoints
{
    private const int MaxItems = 500;
    private const int MaxSearchLength = 200;

    public static void MapMaybes(this IEndpointRouteBuilder app)
    {
        var items = app.MapGroup("/maybes/items").WithTags("Maybes");
        items.MapPost("", CreateAsync).RequireAction("maybes_create", Role.Member).WithSummary("Create an item");
        items.MapGet("", ListAsync)
            .RequireAction("maybes_read", Role.Member)
            .WithSummary("List a user's items, newest first; the caller's unless `user_id` says otherwise");
        items.MapGet("{id}", GetAsync).RequireAction("maybes_read", Role.Member).WithSummary("Read an item");
        items.MapPatch("{id}", UpdateAsync).RequireAction("maybes_update", Role.Member)
            .WithSummary("Change an item; absent fields stay as they are");
        items.MapDelete("{id}", DeleteAsync).RequireAction("maybes_delete", Role.Member).WithSummary("Delete an item");
    }

    private static async Task<Results<EntityResult<MaybeItem>, Problem>> CreateAsync(
        RequestContext context, JsonBody<MaybeRequest> body, MaybeStore items, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        var sent = body.Value;
        MaybeValidator.Validate(sent);
        var sourceRef = MaybeValidator.CanonicalizeSourceRef(sent.SourceRef);
        if (CheckMayActFor(context, sent.UserId ?? context.UserId, Role.Owner) is { } refused)
        {
            return refused;
        }

        return await mutations.RunAsync(
            context,
            async session => (await items.CreateAsync(session, context, sent, sourceRef)).ToWire(session.Scope),
            cancellationToken);
    }

    private static async Task<Results<EntityResult<MaybeItems>, Problem>> ListAsync(
        RequestContext context, Database database, CancellationToken cancellationToken,
        string? space = null, [FromQuery(Name = "user_id")] string? userId = null, [FromQuery(Name = "tags_any")] string? tagsAny = null,
        [FromQuery(Name = "search_text")] string? searchText = null, [FromQuery(Name = "pinned_only")] bool? pinnedOnly = null,
        bool? archived = null, int limit = 50, long offset = 0)
    {
        var user = NullIfEmpty(userId) ?? context.UserId;
        if ((limit is < 1 or > MaxItems ? Problem.Invalid(ProblemCodes.LimitInvalid, "limit", "must be an integer from 1 to 500.")
            : offset < 0 ? Problem.Invalid(ProblemCodes.OffsetInvalid, "offset", "must be an integer, 0 or more.")
            : searchText is { Length: > MaxSearchLength }
                ? Problem.Invalid(ProblemCodes.SearchTextInvalid, "search_text", "must be at most 200 characters.")
            : CheckMayActFor(context, user, Role.Admin)) is { } refused)
        {
            return refused;
        }

        var filter = new MaybeFilter(user)
        {
            Space = NullIfEmpty(space), TagsAny = MaybeFilter.ParseTags(tagsAny), SearchText = NullIfEmpty(searchText),
            PinnedOnly = pinnedOnly == true, Archived = archived,
        };
        var rows = await database.ReadAsync(
            context.Scope,
            session => MaybeStore.ListAsync(session, filter, limit, offset),
            cancellationToken);
        return EntityResult<MaybeItems>.Create(new MaybeItems { Items = rows.ConvertAll(row => row.ToWire(context.Scope)) });
    }

    private static async Task<Results<EntityResult<MaybeItem>, Problem>> GetAsync(
        RequestContext context, string id, Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => MaybeStore.FindAsync(session, context, id), cancellationToken) is { } row
            ? EntityResult<MaybeItem>.Create(row.ToWire(context.Scope))
            : Problem.NotFound;

    private static async Task<EntityResult<MaybeUpdated>> UpdateAsync(
        RequestContext context, string id, JsonBody<MaybeUpdate> body, MaybeStore items, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        var sent = body.Value;
        MaybeValidator.Validate(sent.Title, sent.Body, sent.Tags);
        return await mutations.RunAsync(
            context,
            async session => new MaybeUpdated { Item = (await items.UpdateAsync(session, context, id, sent)).ToWire(session.Scope) },
            cancellationToken);
    }

    private static async Task<EntityResult<MaybeDeleted>> DeleteAsync(
        RequestContext context, string id, MaybeStore items, IdempotentWriter mutations, CancellationToken cancellationToken) =>
        await mutations.RunAsync(
            context,
            async session =>
            {
                await items.DeleteAsync(session, context, id);
                return new MaybeDeleted { Status = "deleted" };
            },
            cancellationToken);

    /// <summary>A filter with an empty value is ignored.</summary>
    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static Problem? CheckMayActFor(RequestContext context, string user, Role minimumRole) =>
        string.Equals(user, context.UserId, StringComparison.Ordinal) || context.Role >= minimumRole
            ? null
            : AuthProblems.InsufficientRole(minimumRole);
}
