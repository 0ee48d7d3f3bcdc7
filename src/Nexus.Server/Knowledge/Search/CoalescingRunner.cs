namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Runs one task at a time. Callers share a run that starts after their call, never one already in progress. The run a caller
/// waits for therefore reads everything committed before the call.
/// </summary>
internal sealed class CoalescingRunner
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Completes when a run that started during or after this call completes, with that run's result.</summary>
    /// <param name="work">Must not depend on the caller's request, because other callers may wait for it.</param>
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

    // Outside the lock: the synchronous part of the work may take long.
    private static Task StartAsync(Func<Task> work) => Task.Run(work);
}
