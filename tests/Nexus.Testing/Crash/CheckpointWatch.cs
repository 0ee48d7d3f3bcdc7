using System.Net.Sockets;
using Nexus.Merkle;

namespace Nexus.Testing.Crash;

/// <summary>
/// A sceptic beside the writers of one tenant: keeps every checkpoint it was shown before a kill, and asks after it whether the log still
/// begins with each of them.
/// </summary>
internal sealed class CheckpointWatch(HttpClient client)
{
    private readonly Dictionary<string, Checkpoint> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Checkpoint> _ever = new(StringComparer.Ordinal);
    private IReadOnlyList<LogKey>? _keys;

    /// <summary>How many different checkpoints were seen.</summary>
    public int Seen => _ever.Count;

    /// <summary>All of them, over all kills.</summary>
    public IReadOnlyCollection<Checkpoint> AllSeen => _ever.Values;

    /// <summary>Asks for checkpoints until the server is gone.</summary>
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
            // Killed: a checkpoint that did not arrive was not seen. A connection that dies while the client looks at it is a bare SocketException.
        }
    }

    /// <summary>Says which of the checkpoints seen the log does not begin with any more.</summary>
    public async Task<IReadOnlyCollection<string>> CheckAsync(Uri address, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        var now = await FetchCheckpointAsync(address, cancellationToken);
        foreach (var seen in _seen.Values)
        {
            if (seen.Origin != now.Origin || seen.Size > now.Size || !await IsConsistentAsync(address, seen, now, cancellationToken))
            {
                wrong.Add($"the log is not the one of which a checkpoint was seen: {seen.Size} of {seen.Origin}, now {now.Size} of {now.Origin}");
            }
        }

        // What is consistent with this one is so with whatever this one is consistent with.
        _seen.Clear();
        _seen.TryAdd(now.ToString(), now);
        return wrong;
    }

    private async Task<Checkpoint> FetchCheckpointAsync(Uri address, CancellationToken cancellationToken)
    {
        // The keys of the first server: no kill may change them.
        _keys ??= LogKey.FromPem(await client.GetStringAsync(new Uri(address, "/.well-known/log-keys.pem"), cancellationToken));
        var checkpoint = Checkpoint.Open(SignedNote.Parse(await client.GetStringAsync(new Uri(address, "/audit/checkpoint"), cancellationToken)), _keys);
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
        return new ConsistencyProof(seen.Size, now.Size, [.. proof.RootElement.GetProperty("hashes").EnumerateArray().Select(hash => hash.GetBytesFromBase64())])
            .Verify(seen.Root, now.Root);
    }
}
