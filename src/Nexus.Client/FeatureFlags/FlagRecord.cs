using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>The effective flag of a tenant and env.</summary>
public sealed record FlagRecord
{
    /// <summary>Key of the flag.</summary>
    public required string Key { get; init; }

    /// <summary>The layer that defines it: <c>tenant</c>, <c>tenant-0</c> or <c>default</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The layer's version that wrote it; 0 for built-in flags.</summary>
    public required long Version { get; init; }

    /// <summary>Size of the layer's log after that write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LogSize { get; init; }

    /// <summary>The complete flagd definition.</summary>
    public required JsonElement Definition { get; init; }

    /// <summary>The tenant's override, if it is not a complete definition: <c>state</c> or <c>defaultVariant</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Change { get; init; }

    /// <summary>When it was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Who wrote it; absent for flags of tenant-0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UpdatedBy { get; init; }
}

/// <summary>The result of an import.</summary>
public sealed record FlagImport
{
    /// <summary>Number of flags.</summary>
    public required int Imported { get; init; }

    /// <summary>The layer's new version.</summary>
    public required long Version { get; init; }
}
