namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Runs one piece of work at a time and lets callers share a run that starts after they asked, never one that was already
/// under way: what a caller knew to be committed is then always read by the run it waits for.
/// </summary>
internal sealed class CoalescingRunner
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Completes after a run that started within this call or later; fails as that run does.</summary>
    /// <param name="work">Belongs to nobody's request: others may wait for it too.</param>
    public Task RunAsync(Func<Task> work)
    {
        lock (_lock)
        {
            if (_next is not null)
            {
                return _next;
            }

            if (!_running.IsCompleted)
            {
                return _next = RunAfterAsync(_running, work);
            }

            return _running = StartAsync(work);
        }
    }

    private async Task RunAfterAsync(Task earlier, Func<Task> work)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task started;
        lock (_lock)
        {
            _next = null;
            started = _running = StartAsync(work);
        }

        await started;
    }

    // Off the lock: the work's synchronous part may be long.
    private static Task StartAsync(Func<Task> work) => Task.Run(work);
}
