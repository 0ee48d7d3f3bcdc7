using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>An uploaded file.</summary>
public sealed record RawAsset
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string AssetId { get; init; }

    /// <summary>The tenant that owns the asset.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Location of the bytes, for information. Use <c>GET …/content</c> to read them.</summary>
    public required string Uri { get; init; }

    /// <summary>The file's name.</summary>
    public required string Filename { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The caller's metadata; a JSON object.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>The person the content is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SubjectId { get; init; }

    /// <summary>When the asset was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key (<c>key_…</c>) that registered it.</summary>
    public required string CreatedBy { get; init; }
}
