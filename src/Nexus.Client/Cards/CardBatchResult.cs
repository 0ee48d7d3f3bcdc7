using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>One line of <c>POST /nexus/cards/batch</c> (NDJSON, at most 1,000 lines).</summary>
public sealed record CardBatchLine
{
    /// <summary>The card's text.</summary>
    public required string Text { get; init; }
}

/// <summary>The result of the line at the same position: either <c>card</c> or <c>error</c> is present.</summary>
public sealed record CardBatchResult
{
    /// <summary>The created card.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Card? Card { get; init; }

    /// <summary>Why the line was refused. A refused line changes nothing and does not affect other lines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LineError? Error { get; init; }
}
