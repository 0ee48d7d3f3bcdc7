using System.Collections.Concurrent;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Does the erasures that are approved, one after the other; at its start also those that the journal knows as begun and the database does not:
/// it was restored from before them.
/// </summary>
internal sealed partial class ErasureWorker : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    private readonly Database _database;
    private readonly ErasureRun _run;
    private readonly ErasureStore _erasures;
    private readonly ErasureJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger<ErasureWorker> _logger;
    private readonly IndexCleaning _indexes;
    private readonly ConcurrentQueue<string> _erasedFrom = new();
    private readonly SemaphoreSlim _woken = new(0);

    /// <summary>Listens for erasures, this node's and others'.</summary>
    public ErasureWorker(Database database, ErasureRun run, ErasureStore erasures, ErasureJournal journal, IndexCleaning indexes, TimeProvider time, ILogger<ErasureWorker> logger)
    {
        (_database, _run, _erasures, _journal, _indexes, _time, _logger) = (database, run, erasures, journal, indexes, time, logger);
        database.Changed += OnChanged;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _database.Changed -= OnChanged;
        _woken.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isReplayed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = _look;
            try
            {
                if (!isReplayed)
                {
                    await ReplayAsync(stoppingToken);
                    isReplayed = true;
                }

                // What another node erased is in this one's indexes too.
                while (_erasedFrom.TryDequeue(out var tenant))
                {
                    await _indexes.CleanAsync(tenant, stoppingToken);
                }

                foreach (var due in await _database.ReadAsync(Scope.System, ErasureStore.DueAsync, stoppingToken))
                {
                    pause = await TryAsync(due, _run.RunAsync, stoppingToken) ? pause : _rest;
                }

                foreach (var held in (await _database.ReadAsync(Scope.System, ErasureStore.HeldUpAsync, stoppingToken)).Where(IsTimeFor))
                {
                    await TryAsync(held, _run.PurgeAgainAsync, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is StoreUnavailableException or IOException or UnauthorizedAccessException)
            {
                LogNotRead(exception);
                pause = _rest;
            }

            await PauseAsync(pause, stoppingToken);
        }
    }

    /// <summary>Whatever is wrong with one, others go on, and so does the service: it is tried again, and the log says that it waits.</summary>
    private async Task<bool> TryAsync(ErasureRow due, Func<ErasureRow, CancellationToken, Task> run, CancellationToken cancellation)
    {
        try
        {
            await run(due, cancellation);
            return true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogPutOff(exception, due.ErasureId);
            return false;
        }
    }

    /// <summary>The longer something has gone on reading, the rarer it is tried again: at last once an hour.</summary>
    private bool IsTimeFor(ErasureRow held)
    {
        var tried = Times.FromMicros(held.UpdatedAt);
        var waited = tried - Times.FromMicros(held.DoneAt!.Value);
        return _time.GetUtcNow() - tried >= (waited < _longest ? waited : _longest);
    }

    private async Task ReplayAsync(CancellationToken cancellation)
    {
        foreach (var noted in _journal.Read())
        {
            if (await _database.ReadAsync(noted.Scope, session => ErasureStore.FindAsync(session, noted.ErasureId), cancellation) is { State: not ErasureStates.Requested })
            {
                continue;
            }

            LogReplayed(noted.ErasureId);
            await _database.WriteAsync(noted.Scope, session => _erasures.ResumeAsync(session, Callers.Operator("erasure_request", noted.Scope), noted), cancellation);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_woken.WaitAsync(waiting.Token), Task.Delay(pause, _time, waiting.Token));
        await waiting.CancelAsync();
    }

    private void OnChanged(string topic, string key)
    {
        if (topic == ErasureProgress.ErasedTopic && _database.IsShared)
        {
            _erasedFrom.Enqueue(key);
            _woken.Release();
        }
        else if (topic == ErasureStore.Topic)
        {
            _woken.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Erasures cannot be read; trying again")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(LogLevel.Error, "Erasure {ErasureId} was put off; trying again")]
    private partial void LogPutOff(Exception exception, string erasureId);

    [LoggerMessage(LogLevel.Warning, "Erasure {ErasureId} is done again: the database was restored from before it")]
    private partial void LogReplayed(string erasureId);
}
