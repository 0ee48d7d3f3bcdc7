using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary><c>POST /nexus/raw/presign-upload</c>.</summary>
internal static class PresignEndpoint
{
    /// <summary>The content type if the caller gives none.</summary>
    public const string DefaultContentType = "application/octet-stream";

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    /// <summary>Signs an upload form for a new asset's staging key.</summary>
    public static async Task<Results<EntityResult<PresignedUpload>, Problem>> PresignAsync(
        RequestContext context, JsonBody<PresignRequest> body, HttpRequest request, RawAssetStore assets, IBlobStore blobs,
        IdempotentWriter mutations, BlobOptions options, PublicUrl publicUrl, TimeProvider time, CancellationToken cancellationToken)
    {
        var details = body.Value;
        if (FilenameRules.Validate(details.Filename) is { } mistake)
        {
            return Problem.Invalid("filename", mistake);
        }

        if (CheckContentType(details.ContentType) is { } invalid)
        {
            return invalid;
        }

        if (details.SizeBytes is { } size && (size < 1 || size > options.MaxBytes))
        {
            return Problem.Invalid(
                "size_bytes", string.Create(CultureInfo.InvariantCulture, $"must be an integer from 1 to {options.MaxBytes}."));
        }

        var now = time.GetUtcNow();
        var upload = new RawUpload
        {
            AssetId = Id.New(),
            Filename = details.Filename,
            ContentType = details.ContentType,
            SizeBytes = details.SizeBytes,
            Reserved = details.SizeBytes ?? (blobs.ReceivesUploads ? 0 : options.MaxBytes),
            ExpiresAt = Timestamps.ToMicros(now + _lifetime),
        };
        var rules = new UploadConstraints(
            BlobKey.Staging(context.Scope, upload.AssetId),
            details.ContentType ?? DefaultContentType,
            details.SizeBytes ?? 1,
            details.SizeBytes ?? options.MaxBytes,
            now,
            now + _lifetime);
        var form = blobs.PresignUpload(publicUrl.Configured ?? $"{request.Scheme}://{request.Host}", rules);
        return await mutations.RunAsync(
            context,
            async session =>
            {
                await assets.PresignAsync(session, context, upload);
                return new PresignedUpload { AssetId = upload.AssetId, Url = form.Url, Fields = form.Fields, Filename = upload.Filename };
            },
            cancellationToken);
    }

    /// <summary>The refusal of what is not a media type, since it becomes a header; null for one, and for none.</summary>
    public static Problem? CheckContentType(string? contentType)
    {
        var isValid = contentType is null
            || (contentType.Length <= 255
            && !contentType.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && MediaTypeHeaderValue.TryParse(contentType, out _));
        return isValid
            ? null
            : Problem.Invalid("content_type", "must be a media type of at most 255 characters, for example application/pdf.");
    }
}
