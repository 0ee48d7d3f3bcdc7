using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>Request of <c>POST /feature-flags/definitions/{key}/explain</c>.</summary>
public sealed record FlagExplainRequest
{
    /// <summary>The evaluation context; a JSON object. Default: empty.</summary>
    public JsonElement? Context { get; init; }
}

/// <summary>The value of a flag for a context, and how it was evaluated.</summary>
public sealed record FlagExplanation
{
    /// <summary>Key of the flag.</summary>
    public required string Key { get; init; }

    /// <summary>The value; null if the application's default applies.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Name of the variant.</summary>
    public string? Variant { get; init; }

    /// <summary><c>STATIC</c>, <c>TARGETING_MATCH</c>, <c>DEFAULT</c>, <c>DISABLED</c> or <c>ERROR</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The error code, with <c>ERROR</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorCode { get; init; }

    /// <summary>The error message, with <c>ERROR</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorDetails { get; init; }

    /// <summary>The layer that defines the flag.</summary>
    public required string Layer { get; init; }

    /// <summary>The evaluated operations, inner ones first; at most 200.</summary>
    public required IReadOnlyList<FlagExplanationStep> Steps { get; init; }
}

/// <summary>One evaluated operation.</summary>
public sealed record FlagExplanationStep
{
    /// <summary>Position in the definition, as a JSON pointer.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the operator.</summary>
    public required string Operator { get; init; }

    /// <summary>The inputs, as truncated JSON.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The result, as truncated JSON.</summary>
    public required string Outcome { get; init; }

    /// <summary>An explanation, if any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Remark { get; init; }
}
