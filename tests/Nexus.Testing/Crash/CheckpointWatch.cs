using System.Net.Sockets;
using Nexus.Merkle;

namespace Nexus.Testing.Crash;

/// <summary>
/// Observes the checkpoints of one tenant during a crash test. Keeps every checkpoint it received before a kill, and verifies
/// afterwards that the log still starts with each of them.
/// </summary>
internal sealed class CheckpointWatch(HttpClient client)
{
    private readonly Dictionary<string, Checkpoint> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Checkpoint> _ever = new(StringComparer.Ordinal);
    private IReadOnlyList<LogKey>? _keys;

    /// <summary>The number of distinct checkpoints seen.</summary>
    public int Seen => _ever.Count;

    /// <summary>All checkpoints, across all kills.</summary>
    public IReadOnlyCollection<Checkpoint> AllSeen => _ever.Values;

    /// <summary>Requests checkpoints until the server is gone.</summary>
    public async Task WatchAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await FetchCheckpointAsync(address, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException { StatusCode: null } or IOException or SocketException)
        {
            // Killed: a checkpoint that did not arrive was not seen. A connection that breaks while the client inspects it throws
            // a bare SocketException.
        }
    }

    /// <summary>Returns the checkpoints that the log no longer starts with.</summary>
    public async Task<IReadOnlyCollection<string>> CheckAsync(Uri address, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        var now = await FetchCheckpointAsync(address, cancellationToken);
        foreach (var seen in _seen.Values)
        {
            if (seen.Origin != now.Origin || seen.Size > now.Size || !await IsConsistentAsync(address, seen, now, cancellationToken))
            {
                wrong.Add(
                    $"the log is not the one of which a checkpoint was seen: {seen.Size} of {seen.Origin}, now {now.Size} of {now.Origin}");
            }
        }

        // Consistency is transitive: checking against this checkpoint covers all earlier ones.
        _seen.Clear();
        _seen.TryAdd(now.ToString(), now);
        return wrong;
    }

    private async Task<Checkpoint> FetchCheckpointAsync(Uri address, CancellationToken cancellationToken)
    {
        // The keys of the first server. A kill must not change them.
        _keys ??= LogKey.FromPem(await client.GetStringAsync(new Uri(address, "/.well-known/log-keys.pem"), cancellationToken));
        var checkpoint = Checkpoint.Open(
            SignedNote.Parse(await client.GetStringAsync(new Uri(address, "/audit/checkpoint"), cancellationToken)),
            _keys);
        _seen.TryAdd(checkpoint.ToString(), checkpoint);
        _ever.TryAdd(checkpoint.ToString(), checkpoint);
        return checkpoint;
    }

    private async Task<bool> IsConsistentAsync(Uri address, Checkpoint seen, Checkpoint now, CancellationToken cancellationToken)
    {
        if (seen.Size == 0 || seen.Size == now.Size)
        {
            return seen.Size == 0 || seen.Equals(now);
        }

        using var proof = System.Text.Json.JsonDocument.Parse(
            await client.GetStringAsync(new Uri(address, $"/audit/proof/consistency?from={seen.Size}&to={now.Size}"), cancellationToken));
        return new ConsistencyProof(
            seen.Size,
            now.Size,
            [.. proof.RootElement.GetProperty("hashes").EnumerateArray().Select(hash => hash.GetBytesFromBase64())])
            .Verify(seen.Root, now.Root);
    }
}
