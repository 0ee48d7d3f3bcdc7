using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>A raw asset as it is stored.</summary>
internal sealed class RawAssetRow
{
    /// <summary>UUIDv7.</summary>
    public string AssetId { get; init; } = "";

    /// <summary>The last part of its key.</summary>
    public string Filename { get; init; } = "";

    /// <summary>Lower-case hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>How many bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>Canonical JSON.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The person it is about.</summary>
    public string? SubjectId { get; init; }

    /// <summary>When it was registered, microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Of its last event.</summary>
    public long Seq { get; init; }

    /// <summary>Where its bytes are.</summary>
    public string GetBlobKey(Scope scope) => BlobKey.Raw(scope, AssetId, Filename);

    /// <summary>What it takes of the quota: the bytes and what the caller noted.</summary>
    public long QuotaBytes => SizeBytes + System.Text.Encoding.UTF8.GetByteCount(Metadata);

    /// <summary>The asset as callers see it.</summary>
    public RawAsset ToWire(Scope scope, IBlobStore blobs) => new()
    {
        AssetId = AssetId,
        TenantId = scope.TenantId,
        Env = scope.Env,
        Uri = blobs.GetUri(GetBlobKey(scope)),
        Filename = Filename,
        Sha256 = Sha256,
        SizeBytes = SizeBytes,
        ContentType = ContentType,
        Metadata = JsonElement.Parse(Metadata),
        SubjectId = SubjectId,
        CreatedAt = Timestamps.FromMicros(CreatedAt),
        CreatedBy = CreatedBy,
    };
}
