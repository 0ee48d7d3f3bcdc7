namespace Nexus.Client;

/// <summary>Which events of the log are wanted; what is null does not matter.</summary>
public sealed record EventFilter
{
    /// <summary>Recorded at or after this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Recorded before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The user or API key that acted.</summary>
    public string? Actor { get; init; }

    /// <summary>Such as <c>card_create</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Such as <c>card_created</c>.</summary>
    public string? EventType { get; init; }

    /// <summary>What was acted on.</summary>
    public string? AssetId { get; init; }

    /// <summary>The trace it belongs to.</summary>
    public string? TraceId { get; init; }

    /// <summary>Where it happened.</summary>
    public string? Surface { get; init; }
}
