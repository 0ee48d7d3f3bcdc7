using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>Erases the content of events older than the configured retention, in batches with a receipt each.</summary>
internal sealed partial class ContentRetentionService(
    Database database, ContentEraser contents, LogOptions options, TimeProvider time,
    ILogger<ContentRetentionService> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);

    /// <summary>Erases the content of all events recorded before a time, in all logs.</summary>
    /// <returns>The number of erased contents.</returns>
    public async Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var sum = 0;
        foreach (var log in await database.ReadAsync(Scope.System, CheckpointStore.ListLogsAsync, cancellationToken))
        {
            bool more;
            do
            {
                (more, var erased) = await EraseBatchAsync(log.Scope, Timestamps.ToMicros(before), cancellationToken);
                sum += erased;
            }
            while (more);
        }

        return sum;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.ContentRetention is { } days && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(time.GetUtcNow() - TimeSpan.FromDays(days), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(exception);
            }

            await Task.Delay(_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Erases the next batch of a log. Times never go back within a log, so the first event that is too young ends the sweep.
    /// </summary>
    private async ValueTask<(bool More, int Erased)> EraseBatchAsync(Scope scope, long before, CancellationToken cancellationToken)
    {
        // Most looks find nothing, and need not hold the log for it.
        var next = await database.ReadAsync(scope, session => LogHeads.ListUnsweptAsync(session, BatchSize), cancellationToken);
        if (next.TrueForAll(row => row.RecordedAt >= before))
        {
            return (false, 0);
        }

        return await database.WriteAsync(
            scope,
            async session =>
            {
                var old = (await LogHeads.ListUnsweptAsync(session, BatchSize)).TakeWhile(row => row.RecordedAt < before).ToList();
                if (old.Count == 0)
                {
                    return (false, 0);
                }

                var erased = await contents.EraseAsync(
                    session,
                    RequestContextFactory.ForSystem("content_erase", scope),
                    old.ConvertAll(row => row.Seq),
                    "retention");
                await LogHeads.SetSweptBelowAsync(session, old[^1].Seq + 1);
                return (old.Count == BatchSize, erased);
            },
            cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Old contents were not erased; trying again in an hour")]
    private partial void LogFailed(Exception exception);
}
