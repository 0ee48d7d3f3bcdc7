using System.Globalization;
using Nexus.Merkle;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    private const int MaxTextBytes = SignedNote.MaxSize;

    /// <summary>Returns the newest signed checkpoint of the log. The signature is not verified. Admin.</summary>
    public async Task<SignedNote> GetCheckpointAsync(CancellationToken cancellationToken = default)
        => await GetTextAsync("audit/checkpoint", RequestHeaders.Read, SignedNote.Parse, cancellationToken);

    /// <summary>Returns the keys that the server claims to sign with. Verify them over another channel.</summary>
    public async Task<IReadOnlyList<LogKey>> GetLogKeysAsync(CancellationToken cancellationToken = default)
        => await GetTextAsync(".well-known/log-keys.pem", RequestHeaders.None, LogKey.FromPem, cancellationToken);

    /// <summary>Returns a proof that the log of a given size contains an event. Admin. 404 beyond the log's size.</summary>
    public Task<LogInclusion> GetInclusionAsync(long seq, long size, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"audit/proof/inclusion?seq={seq}&size={size}"),
            RequestHeaders.Read,
            null,
            WireJson.Default.LogInclusion, cancellationToken);

    /// <summary>Returns a proof that a log is an extension of its earlier state. Admin. 404 beyond the log's size.</summary>
    public Task<LogConsistency> GetConsistencyAsync(long from, long to, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"audit/proof/consistency?from={from}&to={to}"),
            RequestHeaders.Read,
            null,
            WireJson.Default.LogConsistency, cancellationToken);

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
