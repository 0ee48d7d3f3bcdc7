using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>Lineage: <c>/nexus/lineage</c>.</summary>
internal static class LineageEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapLineage(this IEndpointRouteBuilder app) =>
        app.MapGet("/nexus/lineage/{kind}/{id}", GetAsync).RequireAction("lineage_read", Role.Viewer).WithTags("Lineage")
            .WithSummary("Show what something was made from, and what was made from it");

    private static async Task<Results<EntityResult<LineageGraph>, Problem>> GetAsync(
        RequestContext context, string kind, string id, LineageWalker lineage, Database database, CancellationToken cancellationToken,
        int depth = LineageWalker.MaxDepth)
    {
        if (depth is < 1 or > LineageWalker.MaxDepth)
        {
            return Problem.Invalid(ProblemCodes.DepthInvalid, "depth", "must be an integer from 1 to 8.");
        }

        return await database.ReadAsync(
            context.Scope,
            session => lineage.WalkAsync(session, kind, id, depth),
            cancellationToken) is { } graph
            ? EntityResult<LineageGraph>.Create(graph)
            : Problem.NotFound;
    }
}
