using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Lets anyone with access verify a log: its checkpoint, proofs and keys. The responses do not contain event content, and the
/// requests are not recorded.
/// </summary>
internal static class LogEndpoints
{
    public static void MapLog(this IEndpointRouteBuilder app)
    {
        var audit = app.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("checkpoint", CheckpointAsync).RequireAction("audit_read", Role.Admin)
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Read the signed checkpoint of the current log");
        audit.MapGet("proof/inclusion", InclusionAsync).RequireAction("audit_read", Role.Admin)
            .WithSummary("Prove that the log includes an event");
        audit.MapGet("proof/consistency", ConsistencyAsync).RequireAction("audit_read", Role.Admin)
            .WithSummary("Prove that the log extends an earlier one");
        app.MapGet("/.well-known/log-keys.pem", KeysAsync).AllowAnonymous().WithTags("Audit")
            .Produces<string>(StatusCodes.Status200OK, "application/x-pem-file").WithSummary("The keys that verify checkpoints");
    }

    private static async Task<ContentHttpResult> CheckpointAsync(
        RequestContext context, CheckpointSigner signer, CancellationToken cancellationToken) =>
        TypedResults.Text((await signer.SignAsync(context.Scope, cancellationToken)).Note, "text/plain; charset=utf-8");

    private static async Task<ContentHttpResult> KeysAsync(LogKeyStore keys, CancellationToken cancellationToken) =>
        TypedResults.Text(await keys.ExportPemAsync(cancellationToken), "application/x-pem-file");

    private static async Task<Results<EntityResult<LogInclusion>, Problem>> InclusionAsync(
        RequestContext context, Database database, CancellationToken cancellationToken, string? seq = null, string? size = null)
    {
        if (ParseNumber(seq) is not { } index || ParseNumber(size) is not { } count || index >= count)
        {
            return InvalidRange("`seq` and `size` must be integers with seq < size.");
        }

        var found = await HashesAsync(
            database,
            context.Scope,
            count,
            [new LeafRange(index, index + 1), new LeafRange(0, count), .. LeafRange.Inclusion(index, count)],
            cancellationToken);
        return found is null ? LogHealth.Inconsistent
            : found.Count > 0
            ? EntityResult<LogInclusion>.Create(
                new LogInclusion { Seq = index, Size = count, LeafHash = found[0], Hashes = [.. found.Skip(2)], Root = found[1] })
            : SizeNotReached;
    }

    private static async Task<Results<EntityResult<LogConsistency>, Problem>> ConsistencyAsync(
        RequestContext context, Database database, CancellationToken cancellationToken, string? from = null, string? to = null)
    {
        if (ParseNumber(from) is not (> 0 and var earlier) || ParseNumber(to) is not { } later || earlier > later)
        {
            return InvalidRange("`from` and `to` must be log sizes with 1 <= from <= to.");
        }

        var found = await HashesAsync(
            database,
            context.Scope,
            later,
            [new LeafRange(0, earlier), new LeafRange(0, later), .. LeafRange.Consistency(earlier, later)],
            cancellationToken);
        return found is null ? LogHealth.Inconsistent
            : found.Count > 0
            ? EntityResult<LogConsistency>.Create(
                new LogConsistency { From = earlier, To = later, Hashes = [.. found.Skip(2)], FromRoot = found[0], ToRoot = found[1] })
            : SizeNotReached;
    }

    /// <summary>Returns the hashes of the nodes, or an empty list if the log has not reached the size.</summary>
    private static async ValueTask<IReadOnlyList<byte[]>?> HashesAsync(
        Database database, Scope scope, long size, IReadOnlyList<LeafRange> nodes, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            scope,
            async session =>
            {
                try
                {
                    return (await LogHeads.FindAsync(session))?.Size >= size ? await new LogTree(session).GetHashesAsync(nodes) : [];
                }
                catch (LogInconsistentException)
                {
                    return null;
                }
            },
            cancellationToken);

    private static long? ParseNumber(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Problem InvalidRange(string detail) => new(ProblemCodes.ProofRange, detail);

    private static Problem SizeNotReached { get; } = new(ProblemCodes.ProofBeyond, "The log has not reached this size.");
}
