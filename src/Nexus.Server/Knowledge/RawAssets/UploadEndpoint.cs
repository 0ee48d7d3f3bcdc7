using Microsoft.AspNetCore.Http.Features;
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

    private static readonly Problem _used = new(StatusCodes.Status403Forbidden, "upload.used", "The form was used before, or its upload is over.");

    /// <summary>Stages the file of a signed form.</summary>
    public static async Task<IResult> UploadAsync(HttpContext http, FileBlobStore files, Database database, BlobOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = options.MaxBytes + MaxFormOverhead + RequestBody.MaxDrainBytes;
        }

        if (!UploadForm.TryOpen(http.Request, out var form))
        {
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "body.content_type", "Send multipart/form-data.");
        }

        try
        {
            await form.ReadFieldsAsync(cancellationToken);
            var (grant, reason) = files.PolicySigner.Verify(form.Fields, time.GetUtcNow());
            if (grant is null || !BlobKey.TryParseStaging(grant.Key, out var scope, out var assetId))
            {
                return new Problem(StatusCodes.Status403Forbidden, "upload.denied", grant is null ? reason : "The form's key is no staging key.");
            }

            if (await database.ReadAsync(scope, session => RawUploadStore.FindAsync(session, assetId), cancellationToken) is not { State: "open" })
            {
                return _used;
            }

            using var file = await files.WriteTemporaryAsync(form.File, grant.MaxBytes, cancellationToken);
            if (file.Length > grant.MaxBytes)
            {
                return new Problem(StatusCodes.Status413PayloadTooLarge, "upload.too_large", "The file is larger than the form allows.");
            }

            if (file.Length < grant.MinBytes)
            {
                return new Problem(StatusCodes.Status422UnprocessableEntity, "upload.too_small", "The file is smaller than the form says.");
            }

            await form.EnsureEndAsync(cancellationToken);
            return await StageAsync(files, database, file, grant.Key, scope, assetId);
        }
        catch (InvalidDataException)
        {
            return new Problem(StatusCodes.Status400BadRequest, "upload.form", form.Error);
        }
    }

    /// <summary>
    /// Commits the file to the key first, which only one request can do. Then marks the row as taken, which fails if it was
    /// taken, registered or reaped. From here on the work completes even if the caller disconnects.
    /// </summary>
    private static async ValueTask<IResult> StageAsync(FileBlobStore files, Database database, TemporaryBlob file, string key, Scope scope, string assetId)
    {
        if (!files.TryCommit(file, key))
        {
            return _used;
        }

        var isTaken = false;
        try
        {
            isTaken = await database.WriteAsync(scope, session => RawUploadStore.TryConsumeAsync(session, assetId, file.Length), CancellationToken.None);
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
