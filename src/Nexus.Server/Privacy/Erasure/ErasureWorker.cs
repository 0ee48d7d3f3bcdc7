using System.Collections.Concurrent;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Runs approved erasures, one after the other. At startup also those in the journal that the database does not have as started,
/// because it was restored from an earlier backup.
/// </summary>
internal sealed partial class ErasureWorker : BackgroundService
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _maxPurgeBackoff = TimeSpan.FromHours(1);

    private readonly Database _database;
    private readonly ErasureRunner _runner;
    private readonly ErasureStore _erasures;
    private readonly ErasureJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger<ErasureWorker> _logger;
    private readonly IndexCompactor _indexes;
    private readonly ConcurrentQueue<string> _tenantsToClean = new();
    private readonly SemaphoreSlim _wakeSignal = new(0);

    /// <summary>Subscribes to erasures approved on this and other nodes.</summary>
    public ErasureWorker(
        Database database, ErasureRunner run, ErasureStore erasures, ErasureJournal journal, IndexCompactor indexes, TimeProvider time,
        ILogger<ErasureWorker> logger)
    {
        (_database, _runner, _erasures, _journal, _indexes, _time, _logger) = (database, run, erasures, journal, indexes, time, logger);
        database.Changed += OnChanged;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _database.Changed -= OnChanged;
        _wakeSignal.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isReplayed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = _pollInterval;
            try
            {
                if (!isReplayed)
                {
                    await ReplayJournalAsync(stoppingToken);
                    isReplayed = true;
                }

                // This node's indexes may contain what another node erased.
                while (_tenantsToClean.TryDequeue(out var tenant))
                {
                    await _indexes.CompactAsync(tenant, stoppingToken);
                }

                foreach (var due in await _database.ReadAsync(Scope.System, ErasureStore.ListDueAsync, stoppingToken))
                {
                    pause = await TryAsync(due, _runner.RunAsync, stoppingToken) ? pause : _retryDelay;
                }

                foreach (var held in (await _database.ReadAsync(Scope.System, ErasureStore.ListUnpurgedAsync, stoppingToken)).Where(
                    IsRetryDue))
                {
                    await TryAsync(held, _runner.RetryPurgeAsync, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is StoreUnavailableException or IOException or UnauthorizedAccessException)
            {
                LogNotRead(exception);
                pause = _retryDelay;
            }

            await WaitAsync(pause, stoppingToken);
        }
    }

    /// <summary>Runs one erasure and logs a failure. A failed erasure is retried and stops neither the others nor the service.</summary>
    private async Task<bool> TryAsync(ErasureJob due, Func<ErasureJob, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(due, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogRunFailed(exception, due.ErasureId);
            return false;
        }
    }

    /// <summary>Backs off the longer a reader blocks the purge, up to once per hour.</summary>
    private bool IsRetryDue(ErasureJob held)
    {
        var tried = Timestamps.FromMicros(held.UpdatedAt);
        var waited = tried - Timestamps.FromMicros(held.DoneAt!.Value);
        return _time.GetUtcNow() - tried >= (waited < _maxPurgeBackoff ? waited : _maxPurgeBackoff);
    }

    private async Task ReplayJournalAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in _journal.Read())
        {
            if (await _database.ReadAsync(
                entry.Scope,
                session => ErasureStore.FindAsync(session, entry.ErasureId),
                cancellationToken) is { State: not ErasureStates.Requested })
            {
                continue;
            }

            LogReplayed(entry.ErasureId);
            await _database.WriteAsync(
                entry.Scope,
                session => _erasures.ResumeAsync(session, RequestContextFactory.ForSystem("erasure_request", entry.Scope), entry),
                cancellationToken);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_wakeSignal.WaitAsync(waiting.Token), Task.Delay(pause, _time, waiting.Token));
        await waiting.CancelAsync();
    }

    private void OnChanged(string topic, string key)
    {
        if (topic == ErasureProgressStore.ErasedTopic && _database.IsShared)
        {
            _tenantsToClean.Enqueue(key);
            _wakeSignal.Release();
        }
        else if (topic == ErasureStore.Topic)
        {
            _wakeSignal.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Erasures cannot be read; trying again")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(LogLevel.Error, "Erasure {ErasureId} was put off; trying again")]
    private partial void LogRunFailed(Exception exception, string erasureId);

    [LoggerMessage(LogLevel.Warning, "Erasure {ErasureId} is done again: the database was restored from before it")]
    private partial void LogReplayed(string erasureId);
}
