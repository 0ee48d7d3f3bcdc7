using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Delivers checkpoints to one sink, in order per log. What is pending follows from the stored history and the sink's position,
/// so nothing is lost with a node. A checkpoint may be delivered twice.
/// </summary>
/// <param name="number">The sink's index in the settings, by which it is reported.</param>
/// <param name="name">The sink's name in the store.</param>
/// <param name="folder">Only checkpoints kept in this folder may leave the process.</param>
internal sealed class SinkQueue(
    int number, string name, ICheckpointSink sink, Database database, SignedCheckpointFolder folder) : IDisposable
{
    private const int BatchSize = 64;

    private readonly ConcurrentDictionary<Scope, bool> _pendingLogs = new();
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <inheritdoc cref="SinkQueue" path="/param[@name='number']" />
    public int Number => number;

    /// <summary>The number of logs with checkpoints that may not have been delivered.</summary>
    public int PendingLogs => _pendingLogs.Count;

    /// <summary>Called when a log has a new checkpoint.</summary>
    public void Enqueue(Scope log)
    {
        _pendingLogs[log] = true;
        lock (_signal)
        {
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    /// <summary>Waits until something is pending.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    /// <summary>Delivers everything that is pending.</summary>
    /// <returns>The number of delivered checkpoints.</returns>
    /// <exception cref="SinkException">The sink failed. Deliveries so far are recorded; the rest stays pending.</exception>
    public async Task<int> DeliverAsync(CancellationToken cancellationToken)
    {
        var arrived = 0;
        foreach (var log in _pendingLogs.Keys)
        {
            _pendingLogs.TryRemove(log, out _);
            try
            {
                int some;
                do
                {
                    some = await DeliverBatchAsync(log, cancellationToken);
                    arrived += some;
                }
                while (some == BatchSize);
            }
            catch
            {
                _pendingLogs[log] = true;
                throw;
            }
        }

        return arrived;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _signal.Dispose();
        (sink as IDisposable)?.Dispose();
    }

    private async Task<int> DeliverBatchAsync(Scope log, CancellationToken cancellationToken)
    {
        if (folder.FindLast(log) is not { } kept)
        {
            return 0;
        }

        var position = await database.ReadAsync(log, session => SinkPosition.FindAsync(session, name), cancellationToken);
        var owed = await database.ReadAsync(
            log,
            session => CheckpointStore.ListBetweenAsync(session, position, kept, BatchSize),
            cancellationToken);
        SignedCheckpoint? last = null;
        try
        {
            foreach (var signed in owed)
            {
                await sink.SendAsync(signed.Note, cancellationToken);
                last = signed;
            }
        }
        finally
        {
            if (last is not null)
            {
                await database.WriteAsync(log, session => SinkPosition.AdvanceAsync(session, name, last), CancellationToken.None);
            }
        }

        return owed.Count;
    }
}
