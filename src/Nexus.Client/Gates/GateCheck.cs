using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary><c>POST /gates/check</c>: what would happen to an action of the caller's.</summary>
public sealed record GateCheckRequest
{
    /// <summary>Such as <c>card_create</c>; one that no route does is refused with 422.</summary>
    public required string Action { get; init; }
}

/// <summary>What the gates would say now. A role that is too weak is no gate.</summary>
public sealed record GateCheck
{
    /// <summary>Whether all would let it through.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Each of them, in the order in which they are asked.</summary>
    public required IReadOnlyList<GateState> Gates { get; init; }
}

/// <summary>What one gate would say.</summary>
public sealed record GateState
{
    /// <summary><c>kill_switch</c>, <c>rate_limit</c> or <c>quota</c>.</summary>
    public required string Gate { get; init; }

    /// <summary>Whether it would let the action through.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why not, and what lifts it; or what is about to stand in the way.</summary>
    public string? Reason { get; init; }

    /// <summary>When it lifts by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LiftsAt { get; init; }
}
