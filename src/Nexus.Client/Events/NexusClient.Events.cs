using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Records an event. Member. 413 above 65,535 bytes of canonical JSON.</summary>
    public Task<EventReceipt> RecordEventAsync(EventRequest recorded, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "events",
            RequestHeaders.Mutation,
            CreateContent(recorded, WireJson.Default.EventRequest),
            WireJson.Default.EventReceipt,
            cancellationToken);

    /// <summary>
    /// Records up to 1,000 events. Returns one receipt per event, in order. Member. A refused event does not affect the others.
    /// </summary>
    public async Task<IReadOnlyList<EventReceipt>> RecordEventsAsync(
        IEnumerable<EventRequest> recorded, CancellationToken cancellationToken = default)
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
            return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize(line, WireJson.Default.EventReceipt)!)];
        }
        catch (JsonException e)
        {
            throw CreateUnreadableException(response, e);
        }
    }
}
