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

public sealed partial class NexusClient
{
    /// <summary>The log's events that match, newest first, page by page. Admin. The first page leaves an event itself.</summary>
    public IAsyncEnumerable<DatasetEvent> ListEventsAsync(
        EventFilter? filter = null, int? pageSize = null, CancellationToken cancellation = default)
        => PagesAsync(
            "audit/events",
            Sends.Read,
            new Query()
                .Add("from", filter?.From)
                .Add("to", filter?.To)
                .Add("actor", filter?.Actor)
                .Add("action", filter?.Action)
                .Add("event_type", filter?.EventType)
                .Add("asset_id", filter?.AssetId)
                .Add("trace_id", filter?.TraceId)
                .Add("surface", filter?.Surface)
                .Add("limit", pageSize),
            WireJson.Default.DatasetEventPage,
            cancellation);

    /// <summary>One event. Admin. 404 where there is none.</summary>
    public Task<DatasetEvent> GetEventAsync(string eventId, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Get, $"audit/events/{Escape(eventId)}", Sends.Read, null, WireJson.Default.DatasetEvent, cancellation);
}
