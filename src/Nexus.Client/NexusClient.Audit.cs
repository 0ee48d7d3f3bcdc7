using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Nexus.Merkle;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    private const int MaxTextBytes = SignedNote.MaxSize;

    /// <summary>How long an event stream may say nothing; the server says something every 15 seconds.</summary>
    public static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromSeconds(45);

    /// <summary>The log's newest signed checkpoint, whose signature is still to be checked. Admin.</summary>
    public async Task<SignedNote> GetCheckpointAsync(CancellationToken cancellationToken = default)
        => await GetTextAsync("audit/checkpoint", RequestHeaders.Read, SignedNote.Parse, cancellationToken);

    /// <summary>The keys that the server says its logs are signed with. Ask someone else too: these are its own word.</summary>
    public async Task<IReadOnlyList<LogKey>> GetLogKeysAsync(CancellationToken cancellationToken = default)
        => await GetTextAsync(".well-known/log-keys.pem", RequestHeaders.None, LogKey.FromPem, cancellationToken);

    /// <summary>Proof that the log, when it had that size, held an event. Admin. 404 beyond the log's size.</summary>
    public Task<LogInclusion> GetInclusionAsync(long seq, long size, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"audit/proof/inclusion?seq={seq}&size={size}"), RequestHeaders.Read, null,
            WireJson.Default.LogInclusion, cancellationToken);

    /// <summary>Proof that the log of one size begins with all that it held at an earlier one. Admin. 404 beyond the log's size.</summary>
    public Task<LogConsistency> GetConsistencyAsync(long from, long to, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"audit/proof/consistency?from={from}&to={to}"), RequestHeaders.Read, null,
            WireJson.Default.LogConsistency, cancellationToken);

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

    private async Task<T> GetTextAsync<T>(string path, RequestHeaders sends, Func<string, T> read, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, sends, null, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxTextBytes, cancellationToken);
            return read(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (FormatException e)
        {
            throw CreateUnreadableException(response, e);
        }
    }
}
