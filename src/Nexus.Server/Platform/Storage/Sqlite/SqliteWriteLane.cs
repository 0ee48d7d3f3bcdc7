using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Writes queue for it, and those that wait together share a transaction. Purges and checkpoints run between
/// batches, after the callers have their answers.
/// </summary>
internal sealed partial class SqliteWriteLane : IAsyncDisposable
{
    private const int MaxBatch = 128;
    private const int MaxQueued = 2048;

    private readonly BlockingCollection<QueuedWrite> _queue = new(MaxQueued);
    private readonly ConcurrentQueue<(TaskCompletionSource<bool> IsDone, bool IsRepeat)> _purges = new();
    private readonly TaskCompletionSource _hasEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PreparedConnection _writer;
    private readonly WriteBatchRunner _batches;
    private readonly WalCheckpointer _checkpointer;
    private readonly FilePurger _purger;
    private readonly DiskGuard _disk;
    private readonly ILogger _logger;

    /// <summary>Starts it. The connection is used by nobody else until the lane is disposed of.</summary>
    public SqliteWriteLane(PreparedConnection writer, WriteBatchRunner batches, DiskGuard disk, ILogger logger)
    {
        (_writer, _batches, _disk, _logger) = (writer, batches, disk, logger);
        _checkpointer = new WalCheckpointer(writer);
        _purger = new FilePurger(writer, _checkpointer);
        new Thread(Run) { IsBackground = true, Name = "nexus-writer" }.Start();
    }

    /// <summary>Queues a write and returns its result after the commit.</summary>
    /// <exception cref="StoreUnavailableException">Too many wait, the service is stopping, or the batch failed.</exception>
    public async ValueTask<T> WriteAsync<T>(QueuedWrite<T> write)
    {
        try
        {
            if (!_queue.TryAdd(write, 0, CancellationToken.None))
            {
                throw new StoreUnavailableException("Too many writes are waiting.");
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new StoreUnavailableException("The service is stopping.", exception);
        }

        return await write.Completion;
    }

    /// <summary>Purges the file after the batch that runs now.</summary>
    /// <inheritdoc cref="FilePurger.Run" path="/param" />
    /// <returns>False where a reader still needs the journal, or it failed.</returns>
    public async ValueTask<bool> PurgeAsync(bool isRepeat)
    {
        // Asked for before the write is queued, so the lane finds it after the batch of that write at the latest.
        var isDone = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _purges.Enqueue((isDone, isRepeat));
        await WriteAsync(
            new QueuedWrite<int>(Scope.System, session => session.FirstOrDefaultAsync<int>("select 1"), CancellationToken.None));
        return await isDone.Task;
    }

    /// <summary>Takes no more writes, and waits until those that are queued have their answers.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _hasEnded.Task;
        _queue.Dispose();
    }

    private void Run()
    {
        var batch = new List<QueuedWrite>(MaxBatch);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            // Completes synchronously: nothing in it waits for anything but SQLite.
            _batches.RunAsync(Begin, batch, OnBatchFailed).AsTask().GetAwaiter().GetResult();
            while (_purges.TryDequeue(out var purge))
            {
                purge.IsDone.TrySetResult(TryPurge(purge.IsRepeat));
            }

            Checkpoint();
        }

        _hasEnded.SetResult();
    }

    private ValueTask<WriteTransaction> Begin() => new(new SqliteWriteTransaction(_writer));

    private void OnBatchFailed(Exception exception)
    {
        _disk.FailFastIfUnsafe(exception);
        LogBatchFailed(exception);
    }

    private bool TryPurge(bool isRepeat)
    {
        try
        {
            return _purger.Run(isRepeat);
        }
        catch (SqliteException exception)
        {
            OnCheckpointFailed(exception);
            return false;
        }
    }

    private void Checkpoint()
    {
        try
        {
            _checkpointer.RunIfNeeded();
        }
        catch (SqliteException exception)
        {
            OnCheckpointFailed(exception);
        }
    }

    private void OnCheckpointFailed(SqliteException exception)
    {
        _disk.FailFastIfUnsafe(exception);
        LogNotCheckpointed(exception);
    }

    [LoggerMessage(LogLevel.Error, "A batch of writes was rolled back")]
    private partial void LogBatchFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The write-ahead log could not be copied into the database; nothing is lost, it grows until it can")]
    private partial void LogNotCheckpointed(Exception exception);
}
