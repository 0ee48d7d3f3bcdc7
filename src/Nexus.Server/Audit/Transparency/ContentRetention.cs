using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>Erases what callers wrote into events once it is older than the settings allow, in batches, each with its receipt.</summary>
internal sealed partial class ContentRetention(Database database, ErasedContents contents, LogOptions options, TimeProvider time, ILogger<ContentRetention> logger) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan _pause = TimeSpan.FromHours(1);

    /// <summary>Erases in all logs what was recorded before a moment.</summary>
    /// <returns>How many contents.</returns>
    public async Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var sum = 0;
        foreach (var log in await database.ReadAsync(Scope.System, CheckpointRows.AllAsync, cancellation))
        {
            bool more;
            do
            {
                (more, var erased) = await EraseSomeAsync(log.Scope, Times.ToMicros(before), cancellation);
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

            await Task.Delay(_pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes the next events of a log. Times never go back along it, so the first that is too young ends the sweep.</summary>
    private async ValueTask<(bool More, int Erased)> EraseSomeAsync(Scope scope, long before, CancellationToken cancellation)
    {
        // Most looks find nothing, and need not hold the log for it.
        var next = await database.ReadAsync(scope, NextAsync, cancellation);
        if (next.TrueForAll(row => row.RecordedAt >= before))
        {
            return (false, 0);
        }

        return await database.WriteAsync(
            scope,
            async session =>
            {
                var old = (await NextAsync(session)).TakeWhile(row => row.RecordedAt < before).ToList();
                if (old.Count == 0)
                {
                    return (false, 0);
                }

                var erased = await contents.EraseContentsAsync(session, Callers.Operator("content_erase", scope), old.ConvertAll(row => row.Seq), "retention");
                await session.ExecuteAsync("update log_heads set erased_below = @below where tenant_id = @TenantId and env = @Env", new { scope.TenantId, scope.Env, below = old[^1].Seq + 1 });
                return (old.Count == AtOnce, erased);
            },
            cancellation);
    }

    private static ValueTask<List<Row>> NextAsync(ReadSession session) => session.QueryAsync<Row>(
        """
        select e.seq as Seq, e.recorded_at as RecordedAt from events e join log_heads h on h.tenant_id = e.tenant_id and h.env = e.env
        where e.tenant_id = @TenantId and e.env = @Env and e.seq >= h.erased_below order by e.seq limit @AtOnce
        """,
        new { session.Scope.TenantId, session.Scope.Env, AtOnce });

    [LoggerMessage(LogLevel.Warning, "Old contents were not erased; trying again in an hour")]
    private partial void LogFailed(Exception exception);

    private sealed class Row
    {
        public long Seq { get; init; }

        public long RecordedAt { get; init; }
    }
}
