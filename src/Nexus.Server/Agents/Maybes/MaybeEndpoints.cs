using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Agents.Maybes;

/// <summary>Maybes: <c>/maybes/items</c>. Notes that may become of use, each its user's; to other members one looks as if it were not there.</summary>
internal static class MaybeEndpoints
{
    private const int MostItems = 500;
    private const int MaxSearch = 200;

    /// <summary>Maps the routes.</summary>
    public static void MapMaybes(this IEndpointRouteBuilder app)
    {
        var items = app.MapGroup("/maybes/items").WithTags("Maybes");
        items.MapPost("", CreateAsync).Does("maybes_create", Role.Member).WithSummary("Make an item");
        items.MapGet("", ListAsync).Does("maybes_read", Role.Member).WithSummary("List a user's items, newest first; the caller's unless `user_id` says otherwise");
        items.MapGet("{id}", GetAsync).Does("maybes_read", Role.Member).WithSummary("Read an item");
        items.MapPatch("{id}", UpdateAsync).Does("maybes_update", Role.Member).WithSummary("Change an item; what is absent stays as it is");
        items.MapDelete("{id}", DeleteAsync).Does("maybes_delete", Role.Member).WithSummary("Delete an item");
    }

    private static async Task<Answer<MaybeItem>> CreateAsync(
        RequestContext context, JsonBody<MaybeRequest> body, MaybeStore items, Mutations mutations, CancellationToken cancellation)
    {
        var sent = body.Value;
        MaybeRules.Check(sent);
        var sourceRef = MaybeRules.SourceRef(sent.SourceRef);
        if (sent.UserId is { } user)
        {
            MayActFor(context, user, Role.Owner);
        }

        return await mutations.RunAsync(context, async session => (await items.CreateAsync(session, context, sent, sourceRef)).ToWire(session.Scope), cancellation);
    }

    private static async Task<Answer<MaybeItems>> ListAsync(
        RequestContext context, Database database, CancellationToken cancellation,
        string? space = null, string? user_id = null, string? tags_any = null, string? search_text = null, bool? pinned_only = null, bool? archived = null, int limit = 50, long offset = 0)
    {
        Within(limit is >= 1 and <= MostItems, "limit", "must be a whole number from 1 to 500.");
        Within(offset >= 0, "offset", "must be a whole number, 0 or more.");
        Within(search_text is null or { Length: <= MaxSearch }, "search_text", "must be at most 200 characters.");
        var user = Given(user_id) ?? context.UserId;
        MayActFor(context, user, Role.Admin);
        var filter = new MaybeFilter(user)
        {
            Space = Given(space), TagsAny = MaybeFilter.Tags(tags_any), SearchText = Given(search_text), PinnedOnly = pinned_only == true, Archived = archived,
        };
        var rows = await database.ReadAsync(context.Scope, session => MaybeStore.ListAsync(session, filter, limit, offset), cancellation);
        return Answer<MaybeItems>.Of(new MaybeItems { Items = rows.ConvertAll(row => row.ToWire(context.Scope)) });
    }

    private static async Task<Results<Answer<MaybeItem>, Problem>> GetAsync(RequestContext context, string id, Database database, CancellationToken cancellation) =>
        await database.ReadAsync(context.Scope, session => MaybeStore.FindAsync(session, context, id), cancellation) is { } row
            ? Answer<MaybeItem>.Of(row.ToWire(context.Scope))
            : Problem.NotFound;

    private static async Task<Answer<MaybeUpdated>> UpdateAsync(
        RequestContext context, string id, JsonBody<MaybeUpdate> body, MaybeStore items, Mutations mutations, CancellationToken cancellation)
    {
        var sent = body.Value;
        MaybeRules.Check(sent.Title, sent.Body, sent.Tags);
        return await mutations.RunAsync(
            context, async session => new MaybeUpdated { Item = (await items.UpdateAsync(session, context, id, sent)).ToWire(session.Scope) }, cancellation);
    }

    private static async Task<Answer<MaybeDeleted>> DeleteAsync(RequestContext context, string id, MaybeStore items, Mutations mutations, CancellationToken cancellation) =>
        await mutations.RunAsync(
            context,
            async session =>
            {
                await items.DeleteAsync(session, context, id);
                return new MaybeDeleted { Status = "deleted" };
            },
            cancellation);

    /// <summary>A filter that is named and left empty does not filter.</summary>
    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static void MayActFor(RequestContext context, string user, Role weakest)
    {
        if (!string.Equals(user, context.UserId, StringComparison.Ordinal) && context.Role < weakest)
        {
            throw new ProblemException(Problems.RoleTooWeak(weakest));
        }
    }

    private static void Within(bool holds, string name, string message)
    {
        if (!holds)
        {
            throw new ProblemException(Problem.Invalid(name + ".invalid", name, message));
        }
    }
}
