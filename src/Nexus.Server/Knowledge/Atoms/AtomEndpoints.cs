using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>Atoms: <c>/nexus/atoms</c>.</summary>
internal static class AtomEndpoints
{
    public static void MapAtoms(this IEndpointRouteBuilder app)
    {
        var atoms = app.MapGroup("/nexus/atoms").WithTags("Atoms");
        atoms.MapPost("create-from-raw", CreateAsync).RequireAction("atom_create", Role.Member)
            .WithMetadata(new RequestBodyMetadata(typeof(AtomRequest), IsRequired: false)).WithSummary("Create an atom from a raw asset");
        atoms.MapGet("", ListAsync).RequireAction("atom_read", Role.Viewer).WithSummary("List atoms, newest first, each before its parts");
        atoms.MapGet("ops", ListOps).RequireAction("atom_read", Role.Viewer).WithSummary("List the ops that make atoms");
        atoms.MapGet("{atom_id}", GetAsync).RequireAction("atom_read", Role.Viewer).WithSummary("Read an atom");
    }

    private static async Task<Results<EntityResult<AtomArtifact>, Problem>> CreateAsync(
        RequestContext context, [FromQuery(Name = "raw_asset_id")] string rawAssetId, [FromQuery(Name = "op_type")] string opType,
        HttpContext http, AtomOpRegistry ops, AtomPlanner maker, AtomStore atoms, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        var given = RequestBody.Get(http).Bytes.IsEmpty ? null : (await JsonBody<AtomRequest>.BindAsync(http, null!))!.Value.Params;
        if (await mutations.FindReplayAsync<AtomArtifact>(context, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (ops.Find(opType) is not { } op)
        {
            return ops.UnknownOp(opType);
        }

        if (await maker.PlanAsync(context.Scope, rawAssetId, op, AtomParams.Parse(op, given), cancellationToken) is not { } planned)
        {
            return Problem.NotFound;
        }

        return await mutations.RunAsync(
            context,
            async session => (await atoms.CreateAsync(session, context, planned)).ToWire(session.Scope),
            cancellationToken);
    }

    private static async Task<Results<Ok<AtomArtifact>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "atom_id")] string atomId, Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => AtomStore.FindAsync(session, atomId), cancellationToken) is { } row
            ? TypedResults.Ok(row.ToWire(context.Scope))
            : Problem.NotFound;

    private static async Task<PageResult<AtomArtifact>> ListAsync(
        RequestContext context, PageRequest page, Database database, CancellationToken cancellationToken,
        [FromQuery(Name = "parent_asset_id")] string? parentAssetId = null,
        [FromQuery(Name = "parent_atom_id")] string? parentAtomId = null, [FromQuery(Name = "op_type")] string? opType = null)
    {
        var (rows, isLast) = await database.ReadAsync(
            context.Scope, session =>
                AtomStore.ListAsync(
                    session,
                    new AtomFilter(parentAssetId, parentAtomId, opType),
                    ParseCursor(page.After),
                    page.Limit), cancellationToken);
        var places = rows.ToDictionary(
            row => row.AtomId,
            row => string.Create(CultureInfo.InvariantCulture, $"{row.Seq}.{row.Part}"),
            StringComparer.Ordinal);
        return page.ToResult(rows.ConvertAll(row => row.ToWire(context.Scope, isListed: true)), atom => places[atom.AtomId], isLast);
    }

    private static (long Seq, int Part)? ParseCursor(string? after)
    {
        if (after is null)
        {
            return null;
        }

        var dot = after.IndexOf('.', StringComparison.Ordinal);
        return (
            long.Parse(after.AsSpan(0, dot), CultureInfo.InvariantCulture),
            int.Parse(after.AsSpan(dot + 1), CultureInfo.InvariantCulture));
    }

    private static Ok<Page<AtomOp>> ListOps(RequestContext context, AtomOpRegistry ops) => TypedResults.Ok(new Page<AtomOp>
    {
        Items =
        [
            .. ops.All.Select(op => new AtomOp
            {
                Name = op.Name,
                Version = op.Version,
                Description = op.Description,
                ContentTypes = op.ContentTypes,
                MaxBytes = op.MaxBytes == 0 ? null : op.MaxBytes,
                Params =
                [
                    .. op.Params.Select(param => new AtomOpParam
                    {
                        Name = param.Name,
                        Type = param.Kind,
                        Default = JsonElement.Parse(param.Default.ToJsonString()),
                        Minimum = param.Minimum,
                        Maximum = param.Maximum,
                        Values = param.Values,
                        Description = param.Description,
                    }),
                ],
            }),
        ],
    });
}
