using System.Text.Json;

namespace Nexus.Client;

/// <summary>
/// Request of <c>POST /nexus/raw/register</c>: a partial <see cref="RawAsset"/>. All given values must match the uploaded bytes.
/// </summary>
public sealed record RawAssetRegistration
{
    /// <summary>The id from the upload form.</summary>
    public required string AssetId { get; init; }

    /// <summary>The file name that the upload form was requested for.</summary>
    public required string Filename { get; init; }

    /// <summary>Absent, empty, or the server's own URI.</summary>
    public string? Uri { get; init; }

    /// <summary>Hexadecimal SHA-256 of the bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Size in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The media type. Must match the upload form's if that has one.</summary>
    public string? ContentType { get; init; }

    /// <summary>The caller's metadata; a JSON object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The person the content is about.</summary>
    public string? SubjectId { get; init; }

    /// <summary>Ignored. Accepted so that a complete record can be sent.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Ignored. Accepted so that a complete record can be sent.</summary>
    public string? CreatedBy { get; init; }
}
