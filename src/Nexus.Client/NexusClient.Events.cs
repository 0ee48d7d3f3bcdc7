using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

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
    /// <summary>Records an event of the caller's own. Member. 413 above 65,535 bytes of canonical JSON.</summary>
    public Task<EventReceipt> RecordEventAsync(EventRequest recorded, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, "events", RequestHeaders.Mutation, CreateContent(recorded, WireJson.Default.EventRequest), WireJson.Default.EventReceipt, cancellationToken);

    /// <summary>Records up to 1,000 events; one receipt each, in their order. Member. A refused one stops no other.</summary>
    public async Task<IReadOnlyList<EventReceipt>> RecordEventsAsync(IEnumerable<EventRequest> recorded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var lines = new ArrayBufferWriter<byte>();
        foreach (var one in recorded)
        {
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(one, WireJson.Default.EventRequest));
            lines.Write("\n"u8);
        }

        using var content = new ReadOnlyMemoryContent(lines.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await SendAsync(HttpMethod.Post, "events/batch", RequestHeaders.Mutation, content, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, WireJson.Default.EventReceipt)!)];
        }
        catch (JsonException e)
        {
            throw CreateUnreadableException(response, e);
        }
    }

    /// <summary>The log's events that match, newest first, page by page. Admin. The first page leaves an event itself.</summary>
    public IAsyncEnumerable<DatasetEvent> ListEventsAsync(
        EventFilter? filter = null, int? pageSize = null, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "audit/events",
            RequestHeaders.Read,
            new QueryStringBuilder()
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
            cancellationToken);

    /// <summary>One event. Admin. 404 where there is none.</summary>
    public Task<DatasetEvent> GetEventAsync(string eventId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, $"audit/events/{Escape(eventId)}", RequestHeaders.Read, null, WireJson.Default.DatasetEvent, cancellationToken);
}
