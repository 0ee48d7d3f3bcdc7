using System.Collections.Concurrent;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// A lane for each tenant and env that writes now, at most one connection each, so that a busy tenant cannot take the pool.
/// </summary>
/// <param name="source">Opens connections that write.</param>
/// <param name="maxConnections">How many lanes run a batch at once.</param>
/// <param name="batches">Runs a batch.</param>
/// <param name="onFailed">Told what failed a whole batch.</param>
internal sealed class PostgresLanes(NpgsqlDataSource source, int maxConnections, WriteBatchRunner batches, Action<Exception> onFailed)
    : IAsyncDisposable
{
    private const int MaxBatch = 32;

    private readonly ConcurrentDictionary<Scope, PostgresLane> _lanes = new();
    private readonly SemaphoreSlim _connections = new(maxConnections);
    private readonly WorkTracker _work = new();

    /// <summary>Queues a write and returns its result after the commit.</summary>
    /// <exception cref="StoreUnavailableException">Too many wait, the service is stopping, or the batch failed.</exception>
    public async ValueTask<T> WriteAsync<T>(QueuedWrite<T> write)
    {
        if (!_work.TryBegin())
        {
            throw new StoreUnavailableException("The service is stopping.");
        }

        try
        {
            Enqueue(write);
            return await write.Completion;
        }
        finally
        {
            _work.End();
        }
    }

    /// <summary>Takes no more writes, and waits until those that are queued have their answers.</summary>
    public async ValueTask DisposeAsync()
    {
        await _work.CloseAsync();
        _connections.Dispose();
    }

    private void Enqueue(QueuedWrite write)
    {
        while (true)
        {
            var lane = _lanes.GetOrAdd(write.Scope, static _ => new PostgresLane());
            if (lane.TryEnqueue(write, out var isFirst))
            {
                if (isFirst)
                {
                    _work.BeginNested();
                    _ = RunAsync(write.Scope, lane);
                }

                return;
            }

            _lanes.TryRemove(new(write.Scope, lane));
        }
    }

    /// <summary>Runs batches while writes wait, then takes the lane away: an idle tenant costs nothing.</summary>
    private async Task RunAsync(Scope scope, PostgresLane lane)
    {
        await Task.Yield();
        for (var batch = new List<QueuedWrite>(MaxBatch); ; batch.Clear())
        {
            // What comes while the lane waits for a connection joins the batch.
            await _connections.WaitAsync();
            try
            {
                if (!lane.TryDequeueBatch(batch, MaxBatch))
                {
                    break;
                }

                await batches.RunAsync(() => PostgresWriteTransaction.BeginAsync(source, scope), batch, onFailed);
            }
            finally
            {
                _connections.Release();
            }
        }

        _lanes.TryRemove(new(scope, lane));
        _work.End();
    }
}
