using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>What lets anybody check a log: its checkpoint, proofs and keys. None of it shows what an event says, and asking leaves none.</summary>
internal static class LogEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapLog(this IEndpointRouteBuilder app)
    {
        var audit = app.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("checkpoint", CheckpointAsync).Does("audit_read", Role.Admin).Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("The log as it is now, signed");
        audit.MapGet("proof/inclusion", InclusionAsync).Does("audit_read", Role.Admin).WithSummary("Prove that a tree holds an event");
        audit.MapGet("proof/consistency", ConsistencyAsync).Does("audit_read", Role.Admin).WithSummary("Prove that a tree begins with an earlier one");
        app.MapGet("/.well-known/log-keys.pem", KeysAsync).IsOpen().WithTags("Audit").Produces<string>(StatusCodes.Status200OK, "application/x-pem-file").WithSummary("The keys that verify checkpoints");
    }

    private static async Task<ContentHttpResult> CheckpointAsync(RequestContext context, CheckpointSigner signer, CancellationToken cancellation) =>
        TypedResults.Text((await signer.SignAsync(context.Scope, cancellation)).Note, "text/plain; charset=utf-8");

    private static async Task<ContentHttpResult> KeysAsync(LogKeys keys, CancellationToken cancellation) =>
        TypedResults.Text(await keys.PemAsync(cancellation), "application/x-pem-file");

    private static async Task<Results<Answer<LogInclusion>, Problem>> InclusionAsync(
        RequestContext context, Database database, CancellationToken cancellation, string? seq = null, string? size = null)
    {
        if (Number(seq) is not { } index || Number(size) is not { } count || index >= count)
        {
            return OutOfRange("seq and size are numbers, with seq below size.");
        }

        var found = await HashesAsync(database, context.Scope, count, [new LeafRange(index, index + 1), new LeafRange(0, count), .. LeafRange.Inclusion(index, count)], cancellation);
        return found is { Count: > 0 }
            ? Answer<LogInclusion>.Of(new LogInclusion { Seq = index, Size = count, LeafHash = found[0], Hashes = [.. found.Skip(2)], Root = found[1] })
            : Beyond;
    }

    private static async Task<Results<Answer<LogConsistency>, Problem>> ConsistencyAsync(
        RequestContext context, Database database, CancellationToken cancellation, string? from = null, string? to = null)
    {
        if (Number(from) is not (> 0 and var earlier) || Number(to) is not { } later || earlier > later)
        {
            return OutOfRange("from and to are sizes of at least 1, and do not go back.");
        }

        var found = await HashesAsync(database, context.Scope, later, [new LeafRange(0, earlier), new LeafRange(0, later), .. LeafRange.Consistency(earlier, later)], cancellation);
        return found is { Count: > 0 }
            ? Answer<LogConsistency>.Of(new LogConsistency { From = earlier, To = later, Hashes = [.. found.Skip(2)], FromRoot = found[0], ToRoot = found[1] })
            : Beyond;
    }

    /// <summary>The hashes of some nodes; none where the log has not reached the size.</summary>
    private static async ValueTask<IReadOnlyList<byte[]>> HashesAsync(Database database, Scope scope, long size, IReadOnlyList<LeafRange> nodes, CancellationToken cancellation) =>
        await database.ReadAsync(
            scope,
            async session =>
            {
                try
                {
                    return (await CheckpointRows.HeadAsync(session))?.Size >= size ? await new LogTree(session).HashesAsync(nodes) : [];
                }
                catch (LogBrokenException)
                {
                    throw new ProblemException(LogHealth.Broken);
                }
            },
            cancellation);

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Problem OutOfRange(string detail) => new(StatusCodes.Status400BadRequest, "proof.range", detail);

    private static Problem Beyond { get; } = new(StatusCodes.Status404NotFound, "proof.beyond", "The log has not reached that size.");
}
