using System.Diagnostics.Metrics;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Signs every log that has grown, every few seconds, and keeps outside the database what other nodes have signed. Logs that cannot be
/// signed are looked at from the start, so that readiness says it before anybody asks.
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

    /// <summary>Looks at nothing yet.</summary>
    public CheckpointPublisher(
        Database database, CheckpointSigner signer, SignedCheckpointFolder folder, LogHealth health, LogOptions options, IMeterFactory meters, TimeProvider time, ILogger<CheckpointPublisher> logger)
    {
        (_database, _signer, _folder, _interval, _time, _logger) = (database, signer, folder, TimeSpan.FromSeconds(options.CheckpointEvery), time, logger);
        meters.Create("Nexus.Log").CreateObservableGauge("nexus.log.unsigned", () => health.UnsignedLogs, "{log}", "Logs that cannot be signed");
    }

    /// <summary>One look at all logs.</summary>
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
            // What the database does not have at all.
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
                // Whatever it is, the service's other work goes on, and this does at the next look.
                LogFailed(exception);
            }

            await Task.Delay(_interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SignAsync(Scope scope, long size, CancellationToken cancellationToken)
    {
        try
        {
            // Tiles that an older version of the service left out; the first look at a log that lacks some makes up for them.
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
            // Said by the signer, and by readiness. Other logs go on.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Logs were not signed; trying again")]
    private partial void LogFailed(Exception exception);
}
