using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>One line of <c>POST /nexus/cards/batch</c> (NDJSON, at most 1,000 lines).</summary>
public sealed record CardBatchLine
{
    /// <summary>The card's text, as it would be posted alone.</summary>
    public required string Text { get; init; }
}

/// <summary>
/// What became of the line at the same place in a batch: exactly one of <c>card</c> and <c>error</c> is there.
/// </summary>
public sealed record CardBatchResult
{
    /// <summary>The stored card.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Card? Card { get; init; }

    /// <summary>Why the line was refused; a refused line changes nothing and stops no other line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LineError? Error { get; init; }
}
