using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Nexus.Merkle;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    private const int MaxStatement = SignedNote.MaxSize;

    /// <summary>How long an event stream may say nothing; the server says something every 15 seconds.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(45);

    /// <summary>The log's newest signed checkpoint, whose signature is still to be checked. Admin.</summary>
    public async Task<SignedNote> GetCheckpointAsync(CancellationToken cancellation = default)
        => await StatementAsync("audit/checkpoint", Sends.Read, SignedNote.Parse, cancellation);

    /// <summary>The keys that the server says its logs are signed with. Ask someone else too: these are its own word.</summary>
    public async Task<IReadOnlyList<LogKey>> GetLogKeysAsync(CancellationToken cancellation = default)
        => await StatementAsync(".well-known/log-keys.pem", Sends.Nothing, LogKey.FromPem, cancellation);

    /// <summary>Proof that the log, when it had that size, held an event. Admin. 404 beyond the log's size.</summary>
    public Task<LogInclusion> GetInclusionAsync(long seq, long size, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"audit/proof/inclusion?seq={seq}&size={size}"), Sends.Read, null,
            WireJson.Default.LogInclusion, cancellation);

    /// <summary>Proof that the log of one size begins with all that it held at an earlier one. Admin. 404 beyond the log's size.</summary>
    public Task<LogConsistency> GetConsistencyAsync(long from, long to, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"audit/proof/consistency?from={from}&to={to}"), Sends.Read, null,
            WireJson.Default.LogConsistency, cancellation);

    /// <summary>The log as it is exported, to be read while it comes; dispose the stream. Admin.</summary>
    /// <param name="format"><c>ndjson</c>, which can be verified, or <c>csv</c>.</param>
    /// <param name="from">Recorded at or after this.</param>
    /// <param name="to">Recorded before this.</param>
    /// <param name="cancellation">Ends the wait for the answer's head.</param>
    public async Task<Stream> OpenExportAsync(
        string format = "ndjson", DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellation = default)
    {
        var response = await SendAsync(HttpMethod.Get, "audit/export" + new Query().Add("format", format).Add("from", from).Add("to", to), Sends.Read, null, cancellation);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }

    /// <summary>
    /// Events as they are recorded, over one connection: it ends when the server ends it, and throws where it breaks or says nothing for
    /// too long. To go on, ask again for what comes after the last event. Admin.
    /// </summary>
    /// <param name="after">Events behind this <c>seq</c>; null begins with what is recorded from now on.</param>
    /// <param name="maxSilence"><see cref="MaxSilence"/> where null.</param>
    /// <param name="cancellation">Ends the stream.</param>
    public async IAsyncEnumerable<DatasetEvent> StreamEventsAsync(
        long? after = null, TimeSpan? maxSilence = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var response = await SendAsync(
            HttpMethod.Get, "audit/events/stream", Sends.Read, null, cancellation, lastEventId: after?.ToString(CultureInfo.InvariantCulture));
        await using var stream = new TalkingStream(await response.Content.ReadAsStreamAsync(cancellation), maxSilence ?? MaxSilence);
        var parser = SseParser.Create(stream, (type, data) => type == SseParser.EventTypeDefault ? JsonSerializer.Deserialize(data, WireJson.Default.DatasetEvent) : null); // others are pings and farewells
        var items = parser.EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
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
                    throw Unreadable(response, e);
                }

                if (recorded is not null)
                {
                    yield return recorded;
                }
            }
        }
    }

    private async Task<T> StatementAsync<T>(string path, Sends sends, Func<string, T> read, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, sends, null, cancellation);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxStatement, cancellation);
            return read(await response.Content.ReadAsStringAsync(cancellation));
        }
        catch (FormatException e)
        {
            throw Unreadable(response, e);
        }
    }
}
