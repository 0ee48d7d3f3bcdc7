using System.Diagnostics.Metrics;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Periodically signs every log that has grown, and keeps a copy outside the database of what other nodes signed. Logs that
/// cannot be signed are detected from startup, so that readiness reports them before anyone asks for a checkpoint.
/// </summary>
internal sealed partial class CheckpointPublisher : BackgroundService
{
    private const int TilesPerBatch = 64;

    private readonly Database _database;
    private readonly CheckpointSigner _signer;
    private readonly SignedCheckpointFolder _folder;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger<CheckpointPublisher> _logger;
    private readonly SemaphoreSlim _lock = new(1);
    private readonly Dictionary<Scope, (long Epoch, long Size)> _published = [];
    private bool _isFirst = true;

    public CheckpointPublisher(
        Database database, CheckpointSigner signer, SignedCheckpointFolder folder, LogHealth health, LogOptions options,
        IMeterFactory meters, TimeProvider time, ILogger<CheckpointPublisher> logger)
    {
        (_database, _signer, _folder, _interval, _time, _logger) = (
            database,
            signer,
            folder,
            TimeSpan.FromSeconds(options.CheckpointEvery),
            time,
            logger);
        meters.Create("Nexus.Log")
            .CreateObservableGauge("nexus.log.unsigned", () => health.UnsignedLogs, "{log}", "Logs that cannot be signed");
    }

    /// <summary>Signs all logs that have changed since the last call.</summary>
    public async Task PublishAllAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            await PublishChangedAsync(cancellationToken);
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _lock.Dispose();
        base.Dispose();
    }

    private async Task PublishChangedAsync(CancellationToken cancellationToken)
    {
        var logs = await _database.ReadAsync(Scope.System, CheckpointStore.ListLogsAsync, cancellationToken);
        foreach (var log in logs)
        {
            var signed = (log.Epoch, log.Signed ?? 0);
            if (log.Size > signed.Item2 || (log.Signed is not null && _published.GetValueOrDefault(log.Scope, (0, -1)) != signed))
            {
                await SignAsync(log.Scope, log.Size, cancellationToken);
            }
        }

        if (_isFirst)
        {
            // Logs of which the database has nothing at all.
            foreach (var scope in _folder.ListLogs().Except(logs.Select(log => log.Scope)))
            {
                await SignAsync(scope, 0, cancellationToken);
            }

            _isFirst = false;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PublishAllAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever failed, the service keeps running and the next round tries again.
                LogFailed(exception);
            }

            await Task.Delay(_interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SignAsync(Scope scope, long size, CancellationToken cancellationToken)
    {
        try
        {
            // Writes tiles that an older version of the service did not write.
            if (await _database.ReadAsync(scope, TileWriter.CountAsync, cancellationToken) < size / TileWriter.Width)
            {
                while (await _database.WriteAsync(scope, session => TileWriter.BackfillAsync(session, TilesPerBatch), cancellationToken))
                {
                }
            }

            var signed = await _signer.SignAsync(scope, cancellationToken);
            _published[scope] = (signed.Epoch, signed.Size);
        }
        catch (ProblemException)
        {
            // The signer has logged it and readiness reports it. Other logs continue.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Logs were not signed; trying again")]
    private partial void LogFailed(Exception exception);
}
