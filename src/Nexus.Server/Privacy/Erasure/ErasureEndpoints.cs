using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Nexus.Server.Privacy.SubjectAccess;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>Erasure of a person from a tenant, in all its envs: <c>/privacy/erasures</c>.</summary>
internal static class ErasureEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapErasures(this IEndpointRouteBuilder app)
    {
        var erasures = app.MapGroup("/privacy/erasures").WithTags("Privacy");
        erasures.MapPost("", RequestAsync).Does("erasure_request", Role.Member).WithSummary("Ask for a person's erasure: yourself, or as an admin anybody");
        erasures.MapGet("", ListAsync).Does("erasure_read", Role.Admin).WithSummary("List erasures, newest first");
        erasures.MapGet("{erasure_id}", GetAsync).Does("erasure_read", Role.Viewer).WithSummary("Read how far an erasure is, and what it has done");
        erasures.MapPost("{erasure_id}/approve", ApproveAsync).Does("erasure_approve", Role.Admin).WithSummary("Approve an erasure that somebody else asked for");
    }

    private static async Task<Answer<ErasureState>> RequestAsync(
        RequestContext context, JsonBody<ErasureRequest> body, ErasureStore erasures, Mutations mutations, CancellationToken cancellation)
    {
        var person = body.Value.UserId;
        Subject.Check(context, person);
        return await mutations.RunAsync(context, async session => (await erasures.RequestAsync(session, context, person)).ToState(), cancellation);
    }

    private static async Task<PageAnswer<Client.Erasure>> ListAsync(RequestContext context, PageRequest page, Database database, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(context.Scope, session => ErasureStore.ListAsync(session, page.After, page.Limit + 1), cancellation);
        return page.Answer(rows.ConvertAll(row => row.ToWire()), erasure => erasure.ErasureId);
    }

    private static async Task<Results<Answer<Client.Erasure>, Problem>> GetAsync(RequestContext context, string erasure_id, Database database, CancellationToken cancellation) =>
        await database.ReadAsync(context.Scope, session => ErasureStore.FindAsync(session, erasure_id), cancellation) is { } row
            && (context.Role >= Role.Admin || row.RequestedBy == context.UserId)
            ? Answer<Client.Erasure>.Of(row.ToWire())
            : Problem.NotFound;

    private static async Task<Answer<ErasureState>> ApproveAsync(
        RequestContext context, string erasure_id, ErasureStore erasures, Mutations mutations, CancellationToken cancellation)
    {
        Subject.CheckKey(context);
        return await mutations.RunAsync(context, async session => (await erasures.ApproveAsync(session, context, erasure_id)).ToState(), cancellation);
    }
}
