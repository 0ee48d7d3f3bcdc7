using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>Request of <c>POST /gates/check</c>.</summary>
public sealed record GateCheckRequest
{
    /// <summary>The action, such as <c>card_create</c>. An unknown action is refused with 422.</summary>
    public required string Action { get; init; }
}

/// <summary>What the gates would decide now. The role is not part of it.</summary>
public sealed record GateCheck
{
    /// <summary>Whether all gates would allow the action.</summary>
    public required bool Allowed { get; init; }

    /// <summary>The gates, in the order of evaluation.</summary>
    public required IReadOnlyList<GateState> Gates { get; init; }
}

/// <summary>What one gate would decide.</summary>
public sealed record GateState
{
    /// <summary><c>kill_switch</c>, <c>rate_limit</c> or <c>quota</c>.</summary>
    public required string Gate { get; init; }

    /// <summary>Whether the gate would allow the action.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why it would refuse and what lifts the refusal, or what is about to make it refuse.</summary>
    public string? Reason { get; init; }

    /// <summary>When the refusal ends by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LiftsAt { get; init; }
}
