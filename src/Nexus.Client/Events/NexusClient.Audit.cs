using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Default idle timeout of an event stream. The server sends a ping every 15 seconds.</summary>
    public static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Lists matching events, newest first; pages are fetched as needed. Admin. Reading the log records an event.</summary>
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

    /// <summary>Returns an event. Admin. 404 if it does not exist.</summary>
    public Task<DatasetEvent> GetEventAsync(string eventId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, $"audit/events/{Escape(eventId)}", RequestHeaders.Read, null, WireJson.Default.DatasetEvent, cancellationToken);

    /// <summary>Exports the log as a stream. Dispose the stream. Admin.</summary>
    /// <param name="format"><c>ndjson</c> (can be verified) or <c>csv</c>.</param>
    /// <param name="from">Recorded at or after this time.</param>
    /// <param name="to">Recorded before this time.</param>
    /// <param name="cancellationToken">Cancels the request, not the stream.</param>
    public async Task<Stream> OpenExportAsync(
        string format = "ndjson", DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default)
    {
        var response = await SendAsync(
            HttpMethod.Get,
            "audit/export" + new QueryStringBuilder().Add("format", format).Add("from", from).Add("to", to),
            RequestHeaders.Read,
            null,
            cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>
    /// Streams events as they are recorded, over one connection. Ends when the server closes the stream; throws if the connection is lost
    /// or idle for too long. To resume, call again with the last <c>seq</c>. Admin.
    /// </summary>
    /// <param name="after">Start after this <c>seq</c>; null for new events only.</param>
    /// <param name="maxSilence">Idle timeout. Default: <see cref="StreamIdleTimeout"/>.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    public async IAsyncEnumerable<DatasetEvent> StreamEventsAsync(
        long? after = null, TimeSpan? maxSilence = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get,
            "audit/events/stream",
            RequestHeaders.Read,
            null,
            cancellationToken,
            lastEventId: after?.ToString(CultureInfo.InvariantCulture));
        await using var stream = new IdleTimeoutStream(
            await response.Content.ReadAsStreamAsync(cancellationToken), maxSilence ?? StreamIdleTimeout);
        var parser = SseParser.Create(stream, (type, data) => type == SseParser.EventTypeDefault
            ? JsonSerializer.Deserialize(data, WireJson.Default.DatasetEvent)
            : null); // Other types are pings and the end of the stream.
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
