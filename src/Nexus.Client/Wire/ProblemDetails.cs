using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>An error response (RFC 9457, <c>application/problem+json</c>), used for every status from 400.</summary>
public sealed record ProblemDetails
{
    /// <summary>URI of the problem type.</summary>
    public string? Type { get; init; }

    /// <summary>Name of the status.</summary>
    public string? Title { get; init; }

    /// <summary>HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>A message for people. Contains no internals.</summary>
    public string? Detail { get; init; }

    /// <summary>Path of the request.</summary>
    public string? Instance { get; init; }

    /// <summary>Stable code for programs, such as <c>auth.role</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Id of the request, as in the server's log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Trace id of the request.</summary>
    public string? TraceId { get; init; }

    /// <summary>Messages by field, for 422.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The gate that refused: <c>kill_switch</c>, <c>rate_limit</c> or <c>quota</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gate { get; init; }

    /// <summary>The action the gate refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    /// <summary>When the gate will allow the action again, if known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LiftsAt { get; init; }

    /// <summary>What lifts the refusal, if it is not a matter of time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LiftedBy { get; init; }
}
