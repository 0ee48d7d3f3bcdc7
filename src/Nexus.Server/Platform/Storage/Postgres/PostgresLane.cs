namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// The writes of one tenant and env that wait on this node. It lives while there are any: the one that finds it closed opens another.
/// </summary>
internal sealed class PostgresLane
{
    private const int QueueSize = 512;

    private readonly Lock _lock = new();
    private readonly Queue<QueuedWrite> _waiting = new();
    private bool _isRunning;
    private bool _isClosed;

    /// <summary>Queues a write. False: the lane has closed.</summary>
    /// <param name="write">The write.</param>
    /// <param name="isFirst">Whether the caller must start the lane.</param>
    /// <exception cref="StoreUnavailableException">Too many wait.</exception>
    public bool TryEnqueue(QueuedWrite write, out bool isFirst)
    {
        lock (_lock)
        {
            isFirst = false;
            if (_isClosed)
            {
                return false;
            }

            if (_waiting.Count >= QueueSize)
            {
                throw new StoreUnavailableException("Too many writes of this tenant are waiting.");
            }

            _waiting.Enqueue(write);
            isFirst = !_isRunning;
            _isRunning = true;
            return true;
        }
    }

    /// <summary>Takes what waits, up to a batch. False: nothing does, and the lane has closed.</summary>
    public bool TryDequeueBatch(List<QueuedWrite> batch, int most)
    {
        lock (_lock)
        {
            while (batch.Count < most && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            _isClosed = batch.Count == 0;
            return !_isClosed;
        }
    }
}
