using System.Text.Json;
using System.Text.Json.Serialization;

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

/// <summary>
/// What <c>POST /nexus/raw/register</c> is told: a <see cref="RawAsset"/> as far as it is known. What is given must be true of the uploaded bytes.
/// </summary>
public sealed record RawAssetRegistration
{
    /// <summary>The id that the upload form came with.</summary>
    public required string AssetId { get; init; }

    /// <summary>The name that the upload form was asked for.</summary>
    public required string Filename { get; init; }

    /// <summary>Empty or absent; the service's own where given.</summary>
    public string? Uri { get; init; }

    /// <summary>Hexadecimal SHA-256 of the bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How many bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The media type; must be the upload form's where that named one.</summary>
    public string? ContentType { get; init; }

    /// <summary>A JSON object of the caller's own.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The person the content is about.</summary>
    public string? SubjectId { get; init; }

    /// <summary>Taken so that a whole record can be sent; the service's own time stands.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Taken so that a whole record can be sent; the caller stands.</summary>
    public string? CreatedBy { get; init; }
}

/// <summary>An uploaded file that the service keeps.</summary>
public sealed record RawAsset
{
    /// <summary>UUIDv7 given by the server.</summary>
    public required string AssetId { get; init; }

    /// <summary>The tenant that owns the asset.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Where the bytes are, for people; <c>GET …/content</c> reads them.</summary>
    public required string Uri { get; init; }

    /// <summary>The file's name.</summary>
    public required string Filename { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>A JSON object of the caller's own.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>The person the content is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SubjectId { get; init; }

    /// <summary>When the asset was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key (<c>key_…</c>) that registered it.</summary>
    public required string CreatedBy { get; init; }
}
