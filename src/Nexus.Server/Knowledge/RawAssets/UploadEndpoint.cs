using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Receives uploads for the file store. The signed form is the credential: it is verified as S3 would verify it, and works once.
/// </summary>
internal static class UploadEndpoint
{
    /// <summary>The maximum size in bytes of the form's fields and framing, in addition to the file.</summary>
    private const long MaxFormOverhead = 256 << 10;

    private static readonly Problem _used =
        new(ProblemCodes.UploadUsed, "This form was already used or is closed. Get a new one from POST /nexus/raw/presign-upload.");

    /// <summary>Stages the file of a signed form.</summary>
    public static async Task<Results<NoContent, Problem>> UploadAsync(
        HttpContext http, FileBlobStore files, Database database, BlobOptions options, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = options.MaxBytes + MaxFormOverhead + RequestBody.MaxDrainBytes;
        }

        if (!UploadForm.TryOpen(http.Request, out var form))
        {
            return RequestBody.UnsupportedContentType(http.Request, ["multipart/form-data"]);
        }

        try
        {
            await form.ReadFieldsAsync(cancellationToken);
            var (grant, reason) = files.PolicySigner.Verify(form.Fields, time.GetUtcNow());
            if (grant is null || !BlobKey.TryParseStaging(grant.Key, out var scope, out var assetId))
            {
                return new Problem(ProblemCodes.UploadDenied, grant is null ? reason : "The form's key is not a staging key.");
            }

            if (await database.ReadAsync(
                scope,
                session => RawUploadStore.FindAsync(session, assetId),
                cancellationToken) is not { State: "open" })
            {
                return _used;
            }

            using var file = await files.WriteTemporaryAsync(form.File, grant.MaxBytes, cancellationToken);
            if (file.Length > grant.MaxBytes)
            {
                return new Problem(ProblemCodes.UploadTooLarge, "The file is larger than the form allows.");
            }

            if (file.Length < grant.MinBytes)
            {
                return new Problem(ProblemCodes.UploadTooSmall, "The file is smaller than the form requires.");
            }

            await form.EnsureEndAsync(cancellationToken);
            return await StageAsync(files, database, file, grant.Key, scope, assetId);
        }
        catch (InvalidDataException)
        {
            return new Problem(ProblemCodes.UploadForm, form.Error);
        }
    }

    /// <summary>
    /// Commits the file to the key first, which only one request can do. Then marks the row as taken, which fails if it was
    /// taken, registered or reaped. From here on the work completes even if the caller disconnects.
    /// </summary>
    private static async ValueTask<Results<NoContent, Problem>> StageAsync(
        FileBlobStore files, Database database, TemporaryBlob file, string key, Scope scope, string assetId)
    {
        if (!files.TryCommit(file, key))
        {
            return _used;
        }

        var isTaken = false;
        try
        {
            isTaken = await database.WriteAsync(
                scope,
                session => RawUploadStore.TryConsumeAsync(session, assetId, file.Length),
                CancellationToken.None);
        }
        finally
        {
            if (!isTaken)
            {
                await files.DeleteAsync(key, CancellationToken.None);
            }
        }

        return isTaken ? TypedResults.NoContent() : _used;
    }
}
