using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>A flag as it counts for a tenant and env.</summary>
public sealed record FlagRecord
{
    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>Who decided it: <c>tenant</c>, <c>tenant-0</c> or <c>default</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The version of that layer in which it was written; 0 for what is built in.</summary>
    public required long Version { get; init; }

    /// <summary>How many events the layer's log held with that writing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LogSize { get; init; }

    /// <summary>The whole definition, in flagd's shape.</summary>
    public required JsonElement Definition { get; init; }

    /// <summary>What the tenant itself wrote, where that is not the whole definition: <c>state</c> or <c>defaultVariant</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Change { get; init; }

    /// <summary>When it was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>By whom; not told of tenant-0's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UpdatedBy { get; init; }
}

/// <summary>What an import wrote.</summary>
public sealed record FlagImport
{
    /// <summary>How many flags.</summary>
    public required int Imported { get; init; }

    /// <summary>The layer's version now.</summary>
    public required long Version { get; init; }
}
