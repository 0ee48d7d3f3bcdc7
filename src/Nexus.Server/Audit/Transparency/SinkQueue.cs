using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Brings one sink what was published, log by log and in each log's order. What is owed is the store's history behind the sink's position,
/// so that nothing is lost with a node; a checkpoint may arrive twice.
/// </summary>
/// <param name="number">The sink's place in the settings, which names it to the outside.</param>
/// <param name="name">What it is called in the store.</param>
/// <param name="sink">The sink.</param>
/// <param name="database">The store.</param>
/// <param name="folder">Only what is kept there leaves the process.</param>
internal sealed class SinkQueue(int number, string name, ICheckpointSink sink, Database database, SignedCheckpointFolder folder) : IDisposable
{
    private const int BatchSize = 64;

    private readonly ConcurrentDictionary<Scope, bool> _pendingLogs = new();
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <inheritdoc cref="SinkQueue" path="/param[@name='number']" />
    public int Number => number;

    /// <summary>How many logs have something that may not have arrived.</summary>
    public int PendingLogs => _pendingLogs.Count;

    /// <summary>A log has a new checkpoint.</summary>
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

    /// <summary>Waits until something is owed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    /// <summary>Delivers all that is owed.</summary>
    /// <returns>How many checkpoints arrived.</returns>
    /// <exception cref="SinkException">The sink fails. What has arrived is noted, the rest stays owed.</exception>
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
        var owed = await database.ReadAsync(log, session => CheckpointStore.ListBetweenAsync(session, position, kept, BatchSize), cancellationToken);
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
