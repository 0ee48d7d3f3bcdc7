using System.Text.Json;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>The assets a person registered or that are about them, and their uploads that were never registered.</summary>
internal sealed class RawAssetPersonalData(Database database, IBlobStore blobs, TimeProvider time) : IPersonalData
{
    private const int MaxItems = 100;
    private const string ErasedFilename = "erased";
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    public string Kind => "raw";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["raw_assets", "raw_uploads"];

    /// <inheritdoc />
    public bool HasLineage => true;

    /// <inheritdoc />
    public bool HasFiles => true;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.FindAsync(session, person, after, "raw_assets", "asset_id", "created_by = @UserId or subject_id = @UserId");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        foreach (var id in ids)
        {
            if (await RawAssetStore.FindAsync(session, id) is { } asset)
            {
                await session.BatchState<UsageBatchState>().AddAsync(session, -asset.QuotaBytes);
                await session.ExecuteAsync(
                    "delete from raw_assets where tenant_id = @TenantId and env = @Env and asset_id = @id",
                    new { session.Scope.TenantId, session.Scope.Env, id });
                await RawUploadStore.MarkGoneAsync(session, id, asset.Filename, time.GetUtcNowMicros());
                await erasing.RecordErasedAsync(session, "raw", id);
            }
            else if (await RawUploadStore.FindAsync(session, id) is { State: not "gone" })
            {
                await RawUploadStore.CloseAsync(session, id);
                await erasing.RecordErasedAsync(session, "raw", id);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var id in ids)
        {
            if (await RawAssetStore.FindAsync(session, id) is { } asset)
            {
                lines.Add(JsonSerializer.Serialize(asset.ToWire(session.Scope, blobs), StrictJson.TypeInfo<Client.RawAsset>()));
            }
        }

        return lines;
    }

    /// <inheritdoc />
    public async ValueTask<List<PersonalFile>> ListFilesAsync(ReadSession session, string[] ids)
    {
        var files = new List<PersonalFile>();
        foreach (var id in ids)
        {
            if (await RawAssetStore.FindAsync(session, id) is { } asset)
            {
                var key = asset.GetBlobKey(session.Scope);
                files.Add(
                    new PersonalFile(
                        $"{session.Scope.Env}/{id}/{asset.Filename}",
                        async cancellationToken => (await blobs.OpenReadAsync(key, cancellationToken))?.Content));
            }
        }

        return files;
    }

    /// <inheritdoc />
    public async ValueTask CleanUpAsync(Scope scope, string erasureId, CancellationToken cancellationToken)
    {
        while (await database.ReadAsync(scope, session => ListGoneAsync(session, erasureId), cancellationToken) is { Count: > 0 } lost)
        {
            var arriving = lost.FindAll(
                upload => upload.ClaimedAt > time.GetUtcNowMicros() - (long)RawUploadStore.CopyTimeout.TotalMicroseconds);
            if (arriving.Count == lost.Count)
            {
                // A registration may still be copying to the final key. It only finds out afterwards that it lost its claim.
                await Task.Delay(_pollInterval, time, cancellationToken);
            }

            foreach (var upload in lost.Except(arriving))
            {
                await blobs.DeleteAsync(BlobKey.Staging(scope, upload.AssetId), cancellationToken);
                await blobs.DeleteAsync(BlobKey.Raw(scope, upload.AssetId, upload.Filename), cancellationToken);
                await database.WriteAsync(scope, session => DeleteOrAnonymizeAsync(session, upload), cancellationToken);
            }
        }
    }

    private static ValueTask<List<RawUpload>> ListGoneAsync(ReadSession session, string erasureId) => session.QueryAsync<RawUpload>(
        $"""
        select asset_id as AssetId, filename, claimed_at as ClaimedAt, expires_at as ExpiresAt from raw_uploads
        where tenant_id = @TenantId and env = @Env and state = 'gone' and filename <> '{ErasedFilename}'
          and {ErasureItemStore.IsErasedSql("raw_uploads.asset_id")}
        order by case when claimed_at is null then 0 else 1 end, asset_id limit @maxItems
        """,
        new { session.Scope.TenantId, session.Scope.Env, erasureId, maxItems = MaxItems });

    /// <summary>
    /// An open form, or an upload that started before it expired, may still deliver bytes. Then the row stays without the file
    /// name, and the reaper checks again later.
    /// </summary>
    private ValueTask<int> DeleteOrAnonymizeAsync(WriteSession session, RawUpload upload) =>
        upload.ExpiresAt <= time.GetUtcNowMicros() - (long)RawAssetReaper.GracePeriod.TotalMicroseconds
            ? RawUploadStore.DeleteAsync(session, upload.AssetId)
            : session.ExecuteAsync(
                $"update raw_uploads set filename = '{ErasedFilename}' where tenant_id = @TenantId and env = @Env and asset_id = @AssetId",
                new { session.Scope.TenantId, session.Scope.Env, upload.AssetId });
}
