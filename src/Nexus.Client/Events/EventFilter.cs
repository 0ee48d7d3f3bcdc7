namespace Nexus.Client;

/// <summary>Filters for a list of events. Null properties match every event.</summary>
public sealed record EventFilter
{
    /// <summary>Recorded at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Recorded before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The user or API key that acted.</summary>
    public string? Actor { get; init; }

    /// <summary>The action, such as <c>card_create</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The event type, such as <c>card_created</c>.</summary>
    public string? EventType { get; init; }

    /// <summary>Id of the affected asset.</summary>
    public string? AssetId { get; init; }

    /// <summary>The trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>The part of the product.</summary>
    public string? Surface { get; init; }
}
