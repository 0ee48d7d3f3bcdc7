using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns a form for uploading a file. Member. 403 <c>quota.exceeded</c>, 422 for an invalid file name.</summary>
    public Task<PresignedUpload> PresignUploadAsync(PresignRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/raw/presign-upload",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.PresignRequest),
            WireJson.Default.PresignedUpload,
            cancellationToken);

    /// <summary>Uploads a file with its form. The form is the only credential sent.</summary>
    public async Task UploadAsync(PresignedUpload upload, Stream bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in upload.Fields)
        {
            var field = new StringContent(value);
            field.Headers.ContentType = null;
            form.Add(field, $"\"{name}\"");
        }

        using var file = new StreamContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(file, "\"file\"", "\"file\"");
        using var response = await _http.PostAsync(new Uri(upload.Url), form, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await CreateExceptionAsync(response, "", cancellationToken);
        }
    }

    /// <summary>
    /// Registers an uploaded file. Member. 404 without an upload, 422 if the bytes do not match, 409 if registered with other values.
    /// </summary>
    public Task<RawAsset> RegisterAssetAsync(RawAssetRegistration asset, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "nexus/raw/register",
            RequestHeaders.Mutation,
            CreateContent(asset, WireJson.Default.RawAssetRegistration),
            WireJson.Default.RawAsset,
            cancellationToken);

    /// <summary>Uploads and registers a file. The client and the server both compute its SHA-256. Member.</summary>
    /// <param name="bytes">A seekable stream, read twice from its current position to the end.</param>
    /// <param name="filename">The file's name.</param>
    /// <param name="contentType">The media type, if known.</param>
    /// <param name="metadata">The caller's metadata; a JSON object.</param>
    /// <param name="subjectId">The person the content is about.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<RawAsset> PutAssetAsync(
        Stream bytes, string filename, string? contentType = null, JsonElement? metadata = null, string? subjectId = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var (start, size) = (bytes.Position, bytes.Length - bytes.Position);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));
        bytes.Position = start;
        var upload = await PresignUploadAsync(
            new PresignRequest { Filename = filename, ContentType = contentType, SizeBytes = size }, cancellationToken);
        await UploadAsync(upload, bytes, cancellationToken);
        return await RegisterAssetAsync(
            new RawAssetRegistration
            {
                AssetId = upload.AssetId,
                Filename = upload.Filename,
                Sha256 = sha256,
                SizeBytes = size,
                Metadata = metadata,
                SubjectId = subjectId,
            },
            cancellationToken);
    }

    /// <summary>Returns an asset without its content. Viewer. 404 if it does not exist.</summary>
    public Task<RawAsset> GetAssetAsync(string assetId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, $"nexus/raw/{Escape(assetId)}", RequestHeaders.Read, null, WireJson.Default.RawAsset, cancellationToken);

    /// <summary>Copies an asset's content to a stream. Viewer. 404 if it does not exist.</summary>
    public async Task GetAssetContentAsync(string assetId, Stream target, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get, $"nexus/raw/{Escape(assetId)}/content", RequestHeaders.Read, null, cancellationToken);
        await response.Content.CopyToAsync(target, cancellationToken);
    }

    /// <summary>Lists matching assets, newest first; pages are fetched as needed. Viewer.</summary>
    public IAsyncEnumerable<RawAsset> ListAssetsAsync(
        string? contentType = null, DateTimeOffset? createdAfter = null, int? pageSize = null,
        CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "nexus/raw",
            RequestHeaders.Read,
            new QueryStringBuilder().Add("content_type", contentType).Add("created_after", createdAfter).Add("limit", pageSize),
            WireJson.Default.RawAssetPage,
            cancellationToken);

    /// <summary>Deletes an asset and its content. Admin.</summary>
    public Task DeleteAssetAsync(string assetId, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Delete, $"nexus/raw/{Escape(assetId)}", RequestHeaders.Mutation, null, cancellationToken);
}
