using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.SubjectAccess;

/// <summary>
/// <c>GET /privacy/subject-export</c>: all that a tenant stores by or about a person, in all its envs, as a ZIP that is written while it
/// is read: <c>{kind}/{env}.ndjson</c>, and the bytes of their assets under <c>files/</c>. One that breaks off has no end and does not open.
/// </summary>
internal sealed partial class SubjectExport(Database database, EventLog log, AccessRecheck standing, IEnumerable<IPersonalData> kinds, ILogger<SubjectExport> logger)
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder app) => app.MapGet(
            "/privacy/subject-export",
            (HttpContext http, RequestContext context, SubjectExport export, string? user_id = null) => export.RunAsync(http, context, user_id ?? context.UserId))
        .RequireAction("subject_export", Role.Viewer).WithTags("Privacy").Produces<Stream>(StatusCodes.Status200OK, "application/zip").WithSummary("Get all that is stored of a person: of yourself, or as an admin of anybody");

    private async Task RunAsync(HttpContext http, RequestContext context, string userId)
    {
        DataSubjectRules.CheckRequest(context, userId);
        var cancellationToken = http.RequestAborted;
        await database.WriteAsync(
            context.Scope,
            session => log.AppendAsync(session, context, new NewEvent("subject_exported", "export") { Surface = "privacy", SubjectId = userId, Input = new JsonObject { ["user_id"] = userId } }),
            cancellationToken);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"subject-{context.TenantId}.zip\"";
        await using var zip = await ZipArchive.CreateAsync(new PipeWriterStream(http.Response.BodyWriter), ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken);
        try
        {
            var across = new Scope(context.TenantId, context.Env, CrossTenant: true);
            if (await database.ReadAsync(across, session => IdentityPersonalData.ReadAsync(session, userId), cancellationToken) is { Count: > 0 } known)
            {
                await using var identity = await OpenAsync(zip, "identity.ndjson", cancellationToken);
                await WriteAsync(identity, known, cancellationToken);
            }

            foreach (var kind in kinds.OrderBy(kind => kind.Phase))
            {
                foreach (var env in Envs.All)
                {
                    if (await standing.CheckMembershipAsync(http, context) is not null)
                    {
                        http.Abort();
                        return;
                    }

                    await AddAsync(zip, kind, new Scope(context.TenantId, env), env, new DataSubject(userId), cancellationToken);
                }
            }

            // What their account did before it chose a tenant is nobody's business but theirs.
            foreach (var kind in kinds.Where(kind => kind.HasAccountData && userId == context.UserId && context.TenantId != Scope.SystemTenantId))
            {
                await AddAsync(zip, kind, Scope.System with { CrossTenant = false }, Scope.SystemTenantId, new DataSubject(userId), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Before the archive is ended, or a part of it would look whole.
            LogBrokenOff(exception);
            http.Abort();
        }
    }

    /// <summary>A kind in an env, or of an account: an entry where there is any of it, and the files of it.</summary>
    private async Task AddAsync(ZipArchive zip, IPersonalData kind, Scope scope, string name, DataSubject person, CancellationToken cancellationToken)
    {
        Stream? lines = null;
        var withFiles = new List<string>();
        try
        {
            for (var after = ""; ;)
            {
                var at = after;
                var page = await database.ReadAsync(scope, session => kind.FindAsync(session, person, at), cancellationToken);
                foreach (var ids in page.Ids.Chunk(kind.BatchSize))
                {
                    lines ??= await OpenAsync(zip, $"{kind.Kind}/{name}.ndjson", cancellationToken);
                    await WriteAsync(lines, await database.ReadAsync(scope, session => kind.ReadAsync(session, person, ids), cancellationToken), cancellationToken);
                    withFiles.AddRange(kind.HasFiles ? ids : []);
                }

                if (page.Next is not { } next)
                {
                    break;
                }

                after = next;
            }
        }
        finally
        {
            await (lines?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        // An archive has one entry open at a time.
        foreach (var ids in withFiles.Chunk(kind.BatchSize))
        {
            foreach (var file in await database.ReadAsync(scope, session => kind.ListFilesAsync(session, ids), cancellationToken))
            {
                await using var bytes = await file.Open(cancellationToken);
                if (bytes is not null)
                {
                    await using var entry = await OpenAsync(zip, "files/" + file.Name, cancellationToken);
                    await bytes.CopyToAsync(entry, cancellationToken);
                }
            }
        }
    }

    private static async Task<Stream> OpenAsync(ZipArchive zip, string name, CancellationToken cancellationToken) =>
        await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);

    private static async Task WriteAsync(Stream entry, List<string> lines, CancellationToken cancellationToken)
    {
        foreach (var line in lines)
        {
            await entry.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An access request was cut off")]
    private partial void LogBrokenOff(Exception exception);
}
