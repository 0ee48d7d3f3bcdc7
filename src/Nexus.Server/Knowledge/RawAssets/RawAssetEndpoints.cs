using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>Raw storage: <c>/nexus/raw</c>.</summary>
internal static class RawAssetEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapRawAssets(this IEndpointRouteBuilder app)
    {
        var raw = app.MapGroup("/nexus/raw").WithTags("Raw storage");
        raw.MapPost("presign-upload", PresignEndpoint.PresignAsync).RequireAction("raw_presign", Role.Member)
            .WithSummary("Create a signed upload form");
        raw.MapPost("register", RegisterEndpoint.RegisterAsync).RequireAction("raw_register", Role.Member)
            .WithSummary("Register an uploaded file");
        raw.MapGet("", ListAsync).RequireAction("raw_read", Role.Viewer).WithSummary("List assets, newest first");
        raw.MapGet("{asset_id}", GetAsync).RequireAction("raw_read", Role.Viewer).WithSummary("Read an asset's metadata");
        raw.MapGet("{asset_id}/content", GetContentAsync)
            .RequireAction("raw_read", Role.Viewer)
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .WithSummary("Read an asset's bytes, or a range of them");
        raw.MapDelete("{asset_id}", DeleteAsync).RequireAction("raw_delete", Role.Admin).WithSummary("Delete an asset and its bytes");
        if (app.ServiceProvider.GetService<FileBlobStore>() is not null)
        {
            app.MapPost(FileBlobStore.UploadPath, UploadEndpoint.UploadAsync).AllowAnonymous().WithMetadata(new StreamingBodyMetadata())
                .WithTags("Raw storage")
                .WithSummary("Upload a file with a signed form, once");
        }
    }

    private static async Task<PageResult<RawAsset>> ListAsync(
        RequestContext context, PageRequest page, Database database, IBlobStore blobs, CancellationToken cancellationToken,
        [FromQuery(Name = "content_type")] string? contentType = null,
        [FromQuery(Name = "created_after")] DateTimeOffset? createdAfter = null)
    {
        var rows = await database.ReadAsync(
            context.Scope,
            session =>
                RawAssetStore.ListAsync(
                    session, contentType, createdAfter is { } after ? Timestamps.ToMicros(after) : null, page.After, page.Limit + 1),
            cancellationToken);
        return page.ToResult(rows.ConvertAll(row => row.ToWire(context.Scope, blobs)), asset => asset.AssetId);
    }

    private static async Task<Results<Ok<RawAsset>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "asset_id")] string assetId, Database database, IBlobStore blobs,
        CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => RawAssetStore.FindAsync(session, assetId), cancellationToken) is { } row
            ? TypedResults.Ok(row.ToWire(context.Scope, blobs))
            : Problem.NotFound;

    /// <summary>The bytes are a stranger's: they are never shown by a browser in this origin, whatever they say they are.</summary>
    private static async Task<Results<FileStreamHttpResult, Problem>> GetContentAsync(
        RequestContext context, [FromRoute(Name = "asset_id")] string assetId, HttpResponse response, Database database, IBlobStore blobs,
        CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(context.Scope, session => RawAssetStore.FindAsync(session, assetId), cancellationToken) is not { } row)
        {
            return Problem.NotFound;
        }

        if (await blobs.OpenReadAsync(row.GetBlobKey(context.Scope), cancellationToken) is not { } blob)
        {
            // Deleted since the row was read, or else lost: the first looks like what it is, the second must not look like the first.
            return await database.ReadAsync(context.Scope, session => RawAssetStore.FindAsync(session, assetId), cancellationToken) is null
                ? Problem.NotFound
                : throw new StoreUnavailableException("An asset's bytes are missing.");
        }

        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        return TypedResults.Stream(
            blob.Content,
            row.ContentType,
            row.Filename,
            Timestamps.FromMicros(row.CreatedAt),
            new EntityTagHeaderValue($"\"{row.Sha256}\""),
            enableRangeProcessing: true);
    }

    private static async Task<NoContent> DeleteAsync(
        RequestContext context, [FromRoute(Name = "asset_id")] string assetId, RawAssetStore assets, IdempotentWriter mutations,
        RawAssetReaper reaper, CancellationToken cancellationToken)
    {
        RawAssetRow? deleted = null;
        var answer = await mutations.RunAsync(
            context, async session => { deleted = await assets.DeleteAsync(session, context, assetId); }, cancellationToken);
        if (deleted is not null)
        {
            // The caller may have gone; what is deleted goes all the same.
            await reaper.RemoveAsync(deleted.GetBlobKey(context.Scope), CancellationToken.None);
        }

        return answer;
    }
}
