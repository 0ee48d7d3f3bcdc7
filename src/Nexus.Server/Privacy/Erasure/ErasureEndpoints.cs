using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Nexus.Server.Privacy.SubjectAccess;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>Erases a person from a tenant, in all its envs: <c>/privacy/erasures</c>.</summary>
internal static class ErasureEndpoints
{
    public static void MapErasures(this IEndpointRouteBuilder app)
    {
        var erasures = app.MapGroup("/privacy/erasures").WithTags("Privacy");
        erasures.MapPost("", RequestAsync)
            .RequireAction("erasure_request", Role.Member)
            .WithSummary("Ask for a person's erasure: yourself, or as an admin anybody");
        erasures.MapGet("", ListAsync).RequireAction("erasure_read", Role.Admin).WithSummary("List erasures, newest first");
        erasures.MapGet("{erasure_id}", GetAsync)
            .RequireAction("erasure_read", Role.Viewer)
            .WithSummary("Read how far an erasure is, and what it has done");
        erasures.MapPost("{erasure_id}/approve", ApproveAsync)
            .RequireAction("erasure_approve", Role.Admin)
            .WithSummary("Approve an erasure that somebody else asked for");
    }

    private static async Task<EntityResult<ErasureState>> RequestAsync(
        RequestContext context, JsonBody<ErasureRequest> body, ErasureStore erasures, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        var person = body.Value.UserId;
        DataSubjectRules.CheckRequest(context, person);
        return await mutations.RunAsync(
            context,
            async session => (await erasures.RequestAsync(session, context, person)).ToState(),
            cancellationToken);
    }

    private static async Task<PageResult<Client.Erasure>> ListAsync(
        RequestContext context, PageRequest page, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            context.Scope,
            session => ErasureStore.ListAsync(session, page.After, page.Limit + 1),
            cancellationToken);
        return page.ToResult(rows.ConvertAll(row => row.ToWire()), erasure => erasure.ErasureId);
    }

    private static async Task<Results<EntityResult<Client.Erasure>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "erasure_id")] string erasureId, Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => ErasureStore.FindAsync(session, erasureId), cancellationToken) is { } row
            && (context.Role >= Role.Admin || row.RequestedBy == context.UserId)
            ? EntityResult<Client.Erasure>.Create(row.ToWire())
            : Problem.NotFound;

    private static async Task<EntityResult<ErasureState>> ApproveAsync(
        RequestContext context, [FromRoute(Name = "erasure_id")] string erasureId, ErasureStore erasures, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        DataSubjectRules.CheckNotEnvBound(context);
        return await mutations.RunAsync(
            context,
            async session => (await erasures.ApproveAsync(session, context, erasureId)).ToState(),
            cancellationToken);
    }
}
