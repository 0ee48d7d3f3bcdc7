using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>Deletes stored responses once their retention is over.</summary>
internal sealed partial class IdempotencyCleanup(
    Database database, TimeProvider time, ILogger<IdempotencyCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(30);

    /// <summary>The minimum time a stored response is kept. It is deleted at most an hour later.</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromHours(24);

    /// <summary>Deletes expired responses of all tenants.</summary>
    public ValueTask<int> DeleteExpiredAsync(CancellationToken cancellationToken) => database.WriteAsync(
        Scope.System,
        session =>
            session.ExecuteAsync(
                "delete from kept_answers where created_at < @before",
                new { before = Timestamps.ToMicros(time.GetUtcNow() - Retention) }),
        cancellationToken);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DeleteExpiredAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                LogFailed(exception);
            }

            await Task.Delay(_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old kept answers were not dropped; trying again later")]
    private partial void LogFailed(Exception exception);
}
