using System.Globalization;
using Nexus.Merkle;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    private const int MaxTextBytes = SignedNote.MaxSize;

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
