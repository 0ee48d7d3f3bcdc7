using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>Deletes bytes without an asset: unregistered uploads, leftovers of a crash, and bytes of deleted assets.</summary>
internal sealed partial class RawAssetReaper(
    Database database, IBlobStore blobs, TimeProvider time, ILogger<RawAssetReaper> logger) : BackgroundService
{
    private const int MaxPerRun = 500;
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(5);

    /// <summary>How long after a form's expiry an upload that started in time, and its registration, may take.</summary>
    public static TimeSpan GracePeriod { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Deletes bytes that are no longer needed. On failure the reaper retries later, because a row still refers to them.</summary>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.DeleteAsync(key, cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            LogFailed(exception);
        }
    }

    /// <summary>
    /// Processes all uploads of all tenants whose form expired more than <see cref="GracePeriod"/> before the given time.
    /// </summary>
    /// <returns>The number of uploads processed.</returns>
    public async ValueTask<int> ReapAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = 0;
        List<RawUpload> uploads;
        do
        {
            uploads = await database.ReadAsync(
                Scope.System,
                session => RawUploadStore.ListExpiredAsync(session, Timestamps.ToMicros(now - GracePeriod), MaxPerRun),
                cancellationToken);
            foreach (var upload in uploads)
            {
                await CloseAsync(upload, cancellationToken);
                ended++;
            }
        }
        while (uploads.Count == MaxPerRun);
        await blobs.DeleteAbandonedAsync(now - TimeSpan.FromDays(1), cancellationToken);
        return ended;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReapAsync(time.GetUtcNow(), stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                LogFailed(exception);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(_pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask CloseAsync(RawUpload upload, CancellationToken cancellationToken)
    {
        var scope = new Scope(upload.TenantId, upload.Env);
        if (await database.WriteAsync(
            scope,
            session => RawUploadStore.CloseAsync(session, upload.AssetId),
            cancellationToken) is not { } isRegistered)
        {
            return;
        }

        await blobs.DeleteAsync(BlobKey.Staging(scope, upload.AssetId), cancellationToken);
        if (!isRegistered)
        {
            await blobs.DeleteAsync(BlobKey.Raw(scope, upload.AssetId, upload.Filename), cancellationToken);
        }

        await database.WriteAsync(scope, session => RawUploadStore.DeleteAsync(session, upload.AssetId), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Bytes without an asset were not removed; trying again later")]
    private partial void LogFailed(Exception exception);
}
