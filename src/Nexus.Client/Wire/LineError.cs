namespace Nexus.Client;

/// <summary>Why a line of a batch was refused: the same information as the problem details of a single request.</summary>
public sealed record LineError
{
    /// <summary>The HTTP status of an equivalent single request.</summary>
    public required int Status { get; init; }

    /// <summary>Stable code for programs, such as <c>card.type_missing</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A message for people.</summary>
    public required string Detail { get; init; }
}
