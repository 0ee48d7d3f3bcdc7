using System.Text;
using System.Text.Json;
using Nexus.Merkle;

namespace Nexus.Server.FeatureFlags;

/// <summary>What one layer wrote of one key.</summary>
internal sealed class FlagRow
{
    private JsonElement? _json;

    /// <summary>The layer's tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>The flag's key, or <see cref="FlagStore.EvaluatorsKey"/>.</summary>
    public string Key { get; init; } = "";

    /// <summary>The version of the layer in which it was written.</summary>
    public long Version { get; init; }

    /// <summary>Canonical JSON; null where it was taken back.</summary>
    public string? Definition { get; init; }

    /// <summary>When, microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string UpdatedBy { get; init; } = "";

    /// <summary>Of its event.</summary>
    public long Seq { get; init; }

    /// <summary>Its canonical text.</summary>
    public static string ToCanonicalJson(JsonElement definition) => Encoding.UTF8.GetString(CanonicalJson.Write(definition));

    /// <summary>The definition, parsed once.</summary>
    public JsonElement Json => _json ??= JsonElement.Parse(Definition!);

    /// <summary>Whether it changes the layer below and defines nothing of its own.</summary>
    public bool IsPartial => Json.ValueKind == JsonValueKind.Object && !Json.TryGetProperty("variants", out _);
}
