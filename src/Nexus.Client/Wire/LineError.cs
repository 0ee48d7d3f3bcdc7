namespace Nexus.Client;

/// <summary>The refusal of one line of a batch, with what the problem details of a single request would say.</summary>
public sealed record LineError
{
    /// <summary>HTTP status the line alone would have had.</summary>
    public required int Status { get; init; }

    /// <summary>Stable dotted code, such as <c>card.type_missing</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }
}
