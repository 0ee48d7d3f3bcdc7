using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>What is on for a tenant and env: each field from the tenant's own entry, else tenant-0's, else the default.</summary>
public sealed record FeatureFlags
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Whether callers may open web sockets. Default false.</summary>
    public required bool WsEnabled { get; init; }

    /// <summary>Whether callers may open the OFREP event stream. Default false.</summary>
    public required bool SseEnabled { get; init; }

    /// <summary>Whether clients may log gestures. Default false.</summary>
    public required bool GestureLogging { get; init; }

    /// <summary><c>off</c>, <c>keyframe</c> or <c>stream</c>. Default <c>off</c>.</summary>
    public required string ReplayMode { get; init; }

    /// <summary><c>private</c>, <c>team</c> or <c>public</c>. Default <c>private</c>.</summary>
    public required string VisibilityMode { get; init; }
}

/// <summary><c>PUT /feature-flags</c>, owner or admin; what is absent or null stays as it is.</summary>
public sealed record FeatureFlagsUpdate
{
    /// <summary>See <see cref="FeatureFlags.WsEnabled"/>.</summary>
    public bool? WsEnabled { get; init; }

    /// <summary>See <see cref="FeatureFlags.SseEnabled"/>.</summary>
    public bool? SseEnabled { get; init; }

    /// <summary>See <see cref="FeatureFlags.GestureLogging"/>.</summary>
    public bool? GestureLogging { get; init; }

    /// <summary>See <see cref="FeatureFlags.ReplayMode"/>.</summary>
    public string? ReplayMode { get; init; }

    /// <summary>See <see cref="FeatureFlags.VisibilityMode"/>.</summary>
    public string? VisibilityMode { get; init; }
}

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

/// <summary><c>POST /feature-flags/definitions/{key}/explain</c>.</summary>
public sealed record FlagExplainRequest
{
    /// <summary>For whom; empty where absent.</summary>
    public JsonElement? Context { get; init; }
}

/// <summary>What a flag is for a context, and how that came about.</summary>
public sealed record FlagExplanation
{
    /// <summary>The flag.</summary>
    public required string Key { get; init; }

    /// <summary>Its value; null where the caller's own default counts.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The name of the value.</summary>
    public string? Variant { get; init; }

    /// <summary><c>STATIC</c>, <c>TARGETING_MATCH</c>, <c>DEFAULT</c>, <c>DISABLED</c> or <c>ERROR</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>With <c>ERROR</c>: what is wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorCode { get; init; }

    /// <summary>With <c>ERROR</c>: a sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorDetails { get; init; }

    /// <summary>Who decided it.</summary>
    public required string Layer { get; init; }

    /// <summary>What was evaluated, inner operations first, at most 200.</summary>
    public required IReadOnlyList<FlagExplanationStep> Steps { get; init; }
}

/// <summary>One operation.</summary>
public sealed record FlagExplanationStep
{
    /// <summary>Where it stands in the definition: a JSON pointer.</summary>
    public required string Path { get; init; }

    /// <summary>Which.</summary>
    public required string Operator { get; init; }

    /// <summary>What it was given, as JSON cut short.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>What it came to, as JSON cut short.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why, where there is something to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Remark { get; init; }
}
