namespace Nexus.Client;

/// <summary>What <c>POST /nexus/raw/presign-upload</c> is asked.</summary>
public sealed record PresignRequest
{
    /// <summary>The file's name: no path, at most 255 bytes of UTF-8, no control or direction marks.</summary>
    public required string Filename { get; init; }

    /// <summary>The media type; absent: said when the asset is registered, else <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Exactly how many bytes will be uploaded, held against the quota until then; absent: 1 to the service's limit, all of which is held where the bytes do not come through the service (S3).</summary>
    public long? SizeBytes { get; init; }
}

/// <summary>A form with which one file can be uploaded within an hour, by whoever has it.</summary>
public sealed record PresignedUpload
{
    /// <summary>The asset to register once its bytes are uploaded.</summary>
    public required string AssetId { get; init; }

    /// <summary>Where the form goes, as <c>multipart/form-data</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The form's fields, all of them, before the part <c>file</c>.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The file's name.</summary>
    public required string Filename { get; init; }
}
