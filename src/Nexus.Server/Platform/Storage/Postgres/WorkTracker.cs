namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>Counts work that is under way, so that what it uses is disposed of only after the last of it.</summary>
internal sealed class WorkTracker
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _isIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _isClosed;

    /// <summary>Counts a piece of work, which ends with <see cref="End"/>. False: it is closed, and the work must not begin.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _count++;
            return true;
        }
    }

    /// <summary>Counts work that is started by work which has not ended: it may begin after the close too.</summary>
    public void BeginNested()
    {
        lock (_lock)
        {
            _count++;
        }
    }

    /// <summary>A piece of work has ended.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (--_count == 0 && _isClosed)
            {
                _isIdle.TrySetResult();
            }
        }
    }

    /// <summary>Lets no more work begin, and waits for what has begun.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_count == 0)
            {
                _isIdle.TrySetResult();
            }
        }

        return _isIdle.Task;
    }
}
