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
internal sealed partial class SubjectExport(Database database, EventLog log, Standing standing, IEnumerable<IPersonalData> kinds, ILogger<SubjectExport> logger)
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder app) => app.MapGet(
            "/privacy/subject-export",
            (HttpContext http, RequestContext context, SubjectExport export, string? user_id = null) => export.RunAsync(http, context, user_id ?? context.UserId))
        .Does("subject_export", Role.Viewer).WithTags("Privacy").Produces<Stream>(StatusCodes.Status200OK, "application/zip").WithSummary("Get all that is stored of a person: of yourself, or as an admin of anybody");

    private async Task RunAsync(HttpContext http, RequestContext context, string userId)
    {
        Subject.Check(context, userId);
        var cancellation = http.RequestAborted;
        await database.WriteAsync(
            context.Scope,
            session => log.AppendAsync(session, context, new NewEvent("subject_exported", "export") { Surface = "privacy", SubjectId = userId, Input = new JsonObject { ["user_id"] = userId } }),
            cancellation);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"subject-{context.TenantId}.zip\"";
        await using var zip = await ZipArchive.CreateAsync(new PipeStream(http.Response.BodyWriter), ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation);
        try
        {
            var across = new Scope(context.TenantId, context.Env, CrossTenant: true);
            if (await database.ReadAsync(across, session => PersonalIdentity.ReadAsync(session, userId), cancellation) is { Count: > 0 } known)
            {
                await using var identity = await OpenAsync(zip, "identity.ndjson", cancellation);
                await WriteAsync(identity, known, cancellation);
            }

            foreach (var kind in kinds)
            {
                foreach (var env in Envs.All)
                {
                    if (await standing.MembershipLostAsync(http, context) is not null)
                    {
                        http.Abort();
                        return;
                    }

                    await AddAsync(zip, kind, new Scope(context.TenantId, env), env, new Person(userId), cancellation);
                }
            }

            // What their account did before it chose a tenant is nobody's business but theirs.
            foreach (var kind in kinds.Where(kind => kind.IsOfAccounts && userId == context.UserId && context.TenantId != Scope.SystemTenant))
            {
                await AddAsync(zip, kind, Scope.System with { CrossTenant = false }, Scope.SystemTenant, new Person(userId), cancellation);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Before the archive is ended, or a part of it would look whole.
            LogBrokenOff(exception);
            http.Abort();
        }
    }

    /// <summary>A kind in an env, or of an account: an entry where there is any of it, and the files of it.</summary>
    private async Task AddAsync(ZipArchive zip, IPersonalData kind, Scope scope, string name, Person person, CancellationToken cancellation)
    {
        Stream? lines = null;
        var withFiles = new List<string>();
        try
        {
            for (var after = ""; ;)
            {
                var at = after;
                var page = await database.ReadAsync(scope, session => kind.FindAsync(session, person, at), cancellation);
                foreach (var ids in page.Ids.Chunk(kind.AtOnce))
                {
                    lines ??= await OpenAsync(zip, $"{kind.Kind}/{name}.ndjson", cancellation);
                    await WriteAsync(lines, await database.ReadAsync(scope, session => kind.ReadAsync(session, person, ids), cancellation), cancellation);
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
        foreach (var ids in withFiles.Chunk(kind.AtOnce))
        {
            foreach (var file in await database.ReadAsync(scope, session => kind.FilesAsync(session, ids), cancellation))
            {
                await using var bytes = await file.Open(cancellation);
                if (bytes is not null)
                {
                    await using var entry = await OpenAsync(zip, "files/" + file.Name, cancellation);
                    await bytes.CopyToAsync(entry, cancellation);
                }
            }
        }
    }

    private static async Task<Stream> OpenAsync(ZipArchive zip, string name, CancellationToken cancellation) =>
        await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellation);

    private static async Task WriteAsync(Stream entry, List<string> lines, CancellationToken cancellation)
    {
        foreach (var line in lines)
        {
            await entry.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An access request was cut off")]
    private partial void LogBrokenOff(Exception exception);
}
