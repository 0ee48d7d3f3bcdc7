using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.SubjectAccess;

/// <summary>
/// <c>GET /privacy/subject-export</c>: everything a tenant stores by or about a person, in all its envs. The ZIP is written while
/// it is read: <c>{kind}/{env}.ndjson</c>, and the bytes of assets under <c>files/</c>. An export that breaks off has no central
/// directory and does not open.
/// </summary>
internal sealed partial class SubjectExport(
    Database database, EventLog log, AccessRecheck accessRecheck, IEnumerable<IPersonalData> kinds, ILogger<SubjectExport> logger)
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet(
            "/privacy/subject-export",
            (HttpContext http, RequestContext context, SubjectExport export, [FromQuery(Name = "user_id")] string? userId = null) =>
                export.RunAsync(http, context, userId ?? context.UserId))
        .RequireAction("subject_export", Role.Viewer)
        .WithTags("Privacy")
        .Produces<Stream>(StatusCodes.Status200OK, "application/zip")
        .WithSummary("Get all that is stored of a person: of yourself, or as an admin of anybody");

    private async Task RunAsync(HttpContext http, RequestContext context, string userId)
    {
        DataSubjectRules.CheckRequest(context, userId);
        var cancellationToken = http.RequestAborted;
        await database.WriteAsync(
            context.Scope,
            session =>
                log.AppendAsync(
                    session,
                    context,
                    new NewEvent("subject_exported", "export")
                    {
                        Surface = "privacy",
                        SubjectId = userId,
                        Input = new JsonObject { ["user_id"] = userId },
                    }),
            cancellationToken);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"subject-{context.TenantId}.zip\"";
        await using var zip = await ZipArchive.CreateAsync(
            new PipeWriterStream(http.Response.BodyWriter),
            ZipArchiveMode.Create,
            leaveOpen: true,
            Encoding.UTF8,
            cancellationToken);
        try
        {
            var across = new Scope(context.TenantId, context.Env, CrossTenant: true);
            if (await database.ReadAsync(
                across,
                session => IdentityPersonalData.ReadAsync(session, userId),
                cancellationToken) is { Count: > 0 } known)
            {
                await using var identity = await OpenAsync(zip, "identity.ndjson", cancellationToken);
                await WriteAsync(identity, known, cancellationToken);
            }

            foreach (var kind in kinds.OrderBy(kind => kind.Phase))
            {
                foreach (var env in Envs.All)
                {
                    if (await accessRecheck.CheckMembershipAsync(http, context) is not null)
                    {
                        http.Abort();
                        return;
                    }

                    await AddAsync(zip, kind, new Scope(context.TenantId, env), env, new DataSubject(userId), cancellationToken);
                }
            }

            // Actions of their account outside this tenant are shown only to the person.
            foreach (var kind in kinds.Where(
                kind => kind.HasAccountData && userId == context.UserId && context.TenantId != Scope.SystemTenantId))
            {
                await AddAsync(
                    zip,
                    kind,
                    Scope.System with { CrossTenant = false },
                    Scope.SystemTenantId,
                    new DataSubject(userId),
                    cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Abort before the archive is completed; otherwise a partial archive would look complete.
            LogBrokenOff(exception);
            http.Abort();
        }
    }

    /// <summary>Adds one ZIP entry for a kind and env if the subject has data of it, and then its files.</summary>
    private async Task AddAsync(
        ZipArchive zip, IPersonalData kind, Scope scope, string name, DataSubject person, CancellationToken cancellationToken)
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
                    await WriteAsync(
                        lines,
                        await database.ReadAsync(scope, session => kind.ReadAsync(session, person, ids), cancellationToken),
                        cancellationToken);
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

        // A ZIP archive has only one open entry at a time.
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
