using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>A stored raw asset.</summary>
internal sealed class RawAssetRow
{
    /// <summary>UUIDv7.</summary>
    public string AssetId { get; init; } = "";

    /// <summary>The last segment of the blob key.</summary>
    public string Filename { get; init; } = "";

    /// <summary>Lower-case hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    public long SizeBytes { get; init; }

    public string ContentType { get; init; } = "";

    /// <summary>Canonical JSON.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The person the asset is about; null if none.</summary>
    public string? SubjectId { get; init; }

    /// <summary>When the asset was registered, in Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>The <c>seq</c> of the asset's last event.</summary>
    public long Seq { get; init; }

    public string GetBlobKey(Scope scope) => BlobKey.Raw(scope, AssetId, Filename);

    /// <summary>The bytes counted against the quota: content and metadata.</summary>
    public long QuotaBytes => SizeBytes + System.Text.Encoding.UTF8.GetByteCount(Metadata);

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
