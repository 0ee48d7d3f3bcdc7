using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>Drops kept answers once they are no longer owed: they hold what callers wrote.</summary>
internal sealed partial class KeptAnswers(Database database, TimeProvider time, ILogger<KeptAnswers> logger) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(30);

    /// <summary>How long an answer is kept at least; it is gone an hour later.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>Drops what is older, of all tenants.</summary>
    public ValueTask<int> DropAsync(CancellationToken cancellation) => database.WriteAsync(
        Scope.System,
        session => session.ExecuteAsync("delete from kept_answers where created_at < @before", new { before = Times.ToMicros(time.GetUtcNow() - Lifetime) }),
        cancellation);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DropAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                LogFailed(exception);
            }

            await Task.Delay(_pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old kept answers were not dropped; trying again later")]
    private partial void LogFailed(Exception exception);
}
