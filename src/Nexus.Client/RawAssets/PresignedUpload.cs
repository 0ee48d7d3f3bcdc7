namespace Nexus.Client;

/// <summary>Request of <c>POST /nexus/raw/presign-upload</c>.</summary>
public sealed record PresignRequest
{
    /// <summary>The file's name: no path, at most 255 bytes of UTF-8, no control or direction marks.</summary>
    public required string Filename { get; init; }

    /// <summary>The media type. Default: as given when the asset is registered, otherwise <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// Exact size of the upload, reserved in the quota. Default: any size up to the server's limit; with S3, the whole limit is reserved.
    /// </summary>
    public long? SizeBytes { get; init; }
}

/// <summary>A form for uploading one file within one hour. Whoever has the form can use it.</summary>
public sealed record PresignedUpload
{
    /// <summary>Id of the asset to register after the upload.</summary>
    public required string AssetId { get; init; }

    /// <summary>URL to post the form to, as <c>multipart/form-data</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The form fields. Send all of them, before the part <c>file</c>.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The file's name.</summary>
    public required string Filename { get; init; }
}
