using System.Text.Json;

namespace Nexus.Client;

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
