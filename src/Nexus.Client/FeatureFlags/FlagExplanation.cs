using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

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
