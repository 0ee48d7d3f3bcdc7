using System.Diagnostics.Metrics;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Sends every published checkpoint to every sink, independently of each other. A failing sink is retried with exponential
/// backoff and reported by readiness. Nothing ever waits for a sink.
/// </summary>
internal sealed partial class CheckpointSinkService : BackgroundService
{
    private static readonly TimeSpan _minBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _maxBackoff = TimeSpan.FromMinutes(5);

    private readonly Database _database;
    private readonly CheckpointSigner _signer;
    private readonly LogHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger<CheckpointSinkService> _logger;
    private readonly SinkQueue[] _queues;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failed;

    public CheckpointSinkService(
        Database database, CheckpointSigner signer, SignedCheckpointFolder folder, LogHealth health, LogOptions options,
        IMeterFactory meters, TimeProvider time, ILogger<CheckpointSinkService> logger)
    {
        (_database, _signer, _health, _time, _logger) = (database, signer, health, time, logger);
        _queues = [.. options.CheckpointSinks.Select((sink, number) => new SinkQueue(
            number,
            SinkPosition.GetSinkName(sink),
            LogOptions.IsUrl(sink) ? new UrlSink(new Uri(sink), options.AllowPrivateSinks) : new FileSink(sink),
            database,
            folder))];
        var meter = meters.Create("Nexus.Log");
        _delivered = meter.CreateCounter<long>("nexus.log.sink.arrived", "{checkpoint}", "Checkpoints that a sink took");
        _failed = meter.CreateCounter<long>("nexus.log.sink.failed", "{attempt}", "Attempts that a sink did not take");
        meter.CreateObservableGauge(
            "nexus.log.sink.owed",
            () => _queues.Select(queue => new Measurement<int>(queue.PendingLogs, Tag(queue))),
            "{log}",
            "Logs with checkpoints that a sink does not have");
        meter.CreateObservableGauge("nexus.log.sink.failing", () => health.FailingSinks, "{sink}", "Sinks that fail now");
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var queue in _queues)
        {
            queue.Dispose();
        }

        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_queues.Length == 0)
        {
            return;
        }

        _signer.Published += Enqueue;
        try
        {
            await Task.WhenAll([EnqueueAllAsync(stoppingToken), .. _queues.Select(queue => RunAsync(queue, stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            _signer.Published -= Enqueue;
        }
    }

    private static KeyValuePair<string, object?> Tag(SinkQueue queue) => new("sink", queue.Number);

    private static TimeSpan GetBackoff(int failures) =>
        failures < 10 && _minBackoff * (1 << failures) < _maxBackoff ? _minBackoff * (1 << failures) : _maxBackoff;

    private void Enqueue(Scope log) => Array.ForEach(_queues, queue => queue.Enqueue(log));

    /// <summary>
    /// Enqueues all logs at startup: earlier checkpoints may not have been delivered, and a new sink gets all existing ones.
    /// </summary>
    private async Task EnqueueAllAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                foreach (var log in await _database.ReadAsync(Scope.System, CheckpointStore.ListLogsAsync, cancellationToken))
                {
                    Enqueue(log.Scope);
                }

                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogStoreFailed(failure);
                await Task.Delay(GetBackoff(failures), _time, cancellationToken);
            }
        }
    }

    private async Task RunAsync(SinkQueue queue, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            if (failures == 0)
            {
                await queue.WaitAsync(cancellationToken);
            }

            try
            {
                _delivered.Add(await queue.DeliverAsync(cancellationToken), Tag(queue));
                _health.ReportDelivered(queue.Number);
                failures = 0;
                continue;
            }
            catch (SinkException failure)
            {
                _failed.Add(1, Tag(queue));
                if (_health.ReportFailed(queue.Number, _time.GetUtcNow(), failure.Message))
                {
                    LogFailed(queue.Number, failure.Message);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogStoreFailed(failure);
            }

            await Task.Delay(GetBackoff(failures++), _time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Checkpoint sink {Sink} fails, and is tried again: {Why}")]
    private partial void LogFailed(int sink, string why);

    [LoggerMessage(LogLevel.Warning, "Checkpoints were not read for the sinks; trying again")]
    private partial void LogStoreFailed(Exception exception);
}
