using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Gets a form to upload a file with. Member. 403 <c>quota.exceeded</c>, 422 for a name that is no file name.</summary>
    public Task<PresignedUpload> PresignUploadAsync(PresignRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, "nexus/raw/presign-upload", Sends.Mutation, Body(request, WireJson.Default.PresignRequest), WireJson.Default.PresignedUpload, cancellation);

    /// <summary>Posts a file with its form; no credential but the form is sent.</summary>
    public async Task UploadAsync(PresignedUpload upload, Stream bytes, CancellationToken cancellation = default)
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
        using var response = await _http.PostAsync(new Uri(upload.Url), form, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, "", cancellation);
        }
    }

    /// <summary>Keeps what was uploaded. Member. 404 where nothing was, 422 where the bytes are others than said, 409 where it is registered otherwise.</summary>
    public Task<RawAsset> RegisterAssetAsync(RawAssetRegistration asset, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, "nexus/raw/register", Sends.Mutation, Body(asset, WireJson.Default.RawAssetRegistration), WireJson.Default.RawAsset, cancellation);

    /// <summary>Uploads and registers a file, whose SHA-256 both sides compute. Member.</summary>
    /// <param name="bytes">A stream that seeks; read twice from where it stands to its end.</param>
    /// <param name="filename">The file's name.</param>
    /// <param name="contentType">Its media type, if known.</param>
    /// <param name="metadata">A JSON object of the caller's own.</param>
    /// <param name="subjectId">The person it is about.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RawAsset> PutAssetAsync(
        Stream bytes, string filename, string? contentType = null, JsonElement? metadata = null, string? subjectId = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var (start, size) = (bytes.Position, bytes.Length - bytes.Position);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation));
        bytes.Position = start;
        var upload = await PresignUploadAsync(new PresignRequest { Filename = filename, ContentType = contentType, SizeBytes = size }, cancellation);
        await UploadAsync(upload, bytes, cancellation);
        return await RegisterAssetAsync(
            new RawAssetRegistration { AssetId = upload.AssetId, Filename = upload.Filename, Sha256 = sha256, SizeBytes = size, Metadata = metadata, SubjectId = subjectId },
            cancellation);
    }

    /// <summary>What is known of an asset. Viewer. 404 where there is none.</summary>
    public Task<RawAsset> GetAssetAsync(string assetId, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, $"nexus/raw/{Escape(assetId)}", Sends.Read, null, WireJson.Default.RawAsset, cancellation);

    /// <summary>Copies an asset's bytes to a stream. Viewer. 404 where there is none.</summary>
    public async Task GetAssetContentAsync(string assetId, Stream target, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Get, $"nexus/raw/{Escape(assetId)}/content", Sends.Read, null, cancellation);
        await response.Content.CopyToAsync(target, cancellation);
    }

    /// <summary>All assets that match, newest first, page by page. Viewer.</summary>
    public IAsyncEnumerable<RawAsset> ListAssetsAsync(
        string? contentType = null, DateTimeOffset? createdAfter = null, int? pageSize = null, CancellationToken cancellation = default)
        => PagesAsync(
            "nexus/raw",
            Sends.Read,
            new Query().Add("content_type", contentType).Add("created_after", createdAfter).Add("limit", pageSize),
            WireJson.Default.RawAssetPage,
            cancellation);

    /// <summary>Deletes an asset and its bytes. Admin.</summary>
    public Task DeleteAssetAsync(string assetId, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Delete, $"nexus/raw/{Escape(assetId)}", Sends.Mutation, null, cancellation);
}
