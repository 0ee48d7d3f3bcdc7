using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>
/// A refusal, RFC 9457 <c>application/problem+json</c>. The same record serves every status from 400 up.
/// </summary>
public sealed record ProblemDetails
{
    /// <summary>URI of the kind of problem.</summary>
    public string? Type { get; init; }

    /// <summary>Short name of the status.</summary>
    public string? Title { get; init; }

    /// <summary>HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>A safe sentence for people.</summary>
    public string? Detail { get; init; }

    /// <summary>The path asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>Stable dotted code, such as <c>auth.role</c>; what programs compare.</summary>
    public string? Code { get; init; }

    /// <summary>Id of the refused request, as the server's log has it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Trace of the refused request.</summary>
    public string? TraceId { get; init; }

    /// <summary>Field → messages, for 422.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The gate that refused: <c>kill_switch</c>, <c>rate_limit</c> or <c>quota</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gate { get; init; }

    /// <summary>The action the gate refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    /// <summary>When the gate lets it through again, where that is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LiftsAt { get; init; }

    /// <summary>What would lift the refusal, where that is no time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LiftedBy { get; init; }
}
