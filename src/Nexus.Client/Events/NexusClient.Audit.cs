using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>How long an event stream may say nothing; the server says something every 15 seconds.</summary>
    public static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromSeconds(45);

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

    /// <summary>The log as it is exported, to be read while it comes; dispose the stream. Admin.</summary>
    /// <param name="format"><c>ndjson</c>, which can be verified, or <c>csv</c>.</param>
    /// <param name="from">Recorded at or after this.</param>
    /// <param name="to">Recorded before this.</param>
    /// <param name="cancellationToken">Ends the wait for the answer's head.</param>
    public async Task<Stream> OpenExportAsync(
        string format = "ndjson", DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default)
    {
        var response = await SendAsync(HttpMethod.Get, "audit/export" + new QueryStringBuilder().Add("format", format).Add("from", from).Add("to", to), RequestHeaders.Read, null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>
    /// Events as they are recorded, over one connection: it ends when the server ends it, and throws where it breaks or says nothing for
    /// too long. To go on, ask again for what comes after the last event. Admin.
    /// </summary>
    /// <param name="after">Events behind this <c>seq</c>; null begins with what is recorded from now on.</param>
    /// <param name="maxSilence"><see cref="StreamIdleTimeout"/> where null.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<DatasetEvent> StreamEventsAsync(
        long? after = null, TimeSpan? maxSilence = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get, "audit/events/stream", RequestHeaders.Read, null, cancellationToken, lastEventId: after?.ToString(CultureInfo.InvariantCulture));
        await using var stream = new IdleTimeoutStream(await response.Content.ReadAsStreamAsync(cancellationToken), maxSilence ?? StreamIdleTimeout);
        var parser = SseParser.Create(stream, (type, data) => type == SseParser.EventTypeDefault ? JsonSerializer.Deserialize(data, WireJson.Default.DatasetEvent) : null); // others are pings and farewells
        var items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (items)
        {
            while (true)
            {
                DatasetEvent? recorded;
                try
                {
                    if (!await items.MoveNextAsync())
                    {
                        yield break;
                    }

                    recorded = items.Current.Data;
                }
                catch (JsonException e)
                {
                    throw CreateUnreadableException(response, e);
                }

                if (recorded is not null)
                {
                    yield return recorded;
                }
            }
        }
    }
}
