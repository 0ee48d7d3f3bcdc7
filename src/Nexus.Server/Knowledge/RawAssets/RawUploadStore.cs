using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Tracks uploads from the signing of the form until the reaper deletes the row. The row exists before the bytes and is deleted
/// after them, so a crash leaves no untracked bytes.
/// </summary>
internal static class RawUploadStore
{
    /// <summary>How long a registration may take to copy. After that another may claim the upload.</summary>
    public static TimeSpan CopyTimeout { get; } = TimeSpan.FromMinutes(5);

    private const string KeyCondition = "tenant_id = @TenantId and env = @Env and asset_id = @assetId";

    /// <summary>Stores a signed form and reserves its size in the quota.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public static async ValueTask AddAsync(WriteSession session, RawUpload upload)
    {
        if (upload.Reserved > 0)
        {
            await session.BatchState<UsageBatchState>().AddAsync(session, upload.Reserved);
        }

        await session.ExecuteAsync(
            """
            insert into raw_uploads (tenant_id, env, asset_id, filename, content_type, size_bytes, reserved, state, claimed_at, expires_at)
            values (@TenantId, @Env, @AssetId, @Filename, @ContentType, @SizeBytes, @Reserved, 'open', null, @ExpiresAt)
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, upload.AssetId, upload.Filename, upload.ContentType, upload.SizeBytes,
                upload.Reserved, upload.ExpiresAt,
            });
    }

    /// <summary>Returns an upload of this tenant and env, or null if it does not exist.</summary>
    public static ValueTask<RawUpload?> FindAsync(ReadSession session, string assetId) => session.FirstOrDefaultAsync<RawUpload>(
        $"""
        select tenant_id as TenantId, env as Env, asset_id as AssetId, filename, content_type as ContentType, size_bytes as SizeBytes,
          reserved, state,
          claimed_at as ClaimedAt, expires_at as ExpiresAt
        from raw_uploads where {KeyCondition}
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId });

    /// <summary>Marks a form as used. If it had no size, counts the received bytes against the quota.</summary>
    /// <returns>False if the form was already used, registered or reaped.</returns>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public static async ValueTask<bool> TryConsumeAsync(WriteSession session, string assetId, long length)
    {
        if (await FindAsync(session, assetId) is not { State: "open" } upload)
        {
            return false;
        }

        var more = upload.SizeBytes is null ? length : 0;
        await session.BatchState<UsageBatchState>().AddAsync(session, more);
        await session.ExecuteAsync(
            $"update raw_uploads set state = 'taken', reserved = reserved + @more where {KeyCondition}",
            new { session.Scope.TenantId, session.Scope.Env, assetId, more });
        return true;
    }

    /// <summary>Claims the upload for registration. A claim prevents a second copy from replacing what the first one registered.</summary>
    /// <returns>False if the upload is claimed by another request or there is nothing left to copy.</returns>
    public static async ValueTask<bool> TryClaimAsync(WriteSession session, string assetId, long now) => await session.ExecuteAsync(
        $"""
        update raw_uploads set state = 'registering', claimed_at = @now
        where {KeyCondition} and (state in ('open', 'taken') or (state = 'registering' and claimed_at < @over))
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId, now, over = now - (long)CopyTimeout.TotalMicroseconds }) == 1;

    /// <summary>
    /// Releases a claim so that the caller may retry. If the upload was closed in the meantime, this states that no more bytes
    /// will arrive. Returns false if the claim was lost.
    /// </summary>
    public static async ValueTask<bool> ReleaseClaimAsync(WriteSession session, string assetId, long claimedAt) =>
        await session.ExecuteAsync(
            $"""
            update raw_uploads set state = case state when 'registering' then 'taken' else state end, claimed_at = null
              where {KeyCondition} and state in ('registering', 'gone') and claimed_at = @claimedAt
            """,
            new { session.Scope.TenantId, session.Scope.Env, assetId, claimedAt }) == 1;

    /// <summary>Marks an upload as registered.</summary>
    /// <returns>The bytes reserved for it; null if the claim was lost.</returns>
    public static async ValueTask<long?> TryRegisterAsync(WriteSession session, string assetId, long claimedAt)
    {
        if (await FindAsync(session, assetId) is not { State: "registering" } upload || upload.ClaimedAt != claimedAt)
        {
            return null;
        }

        await session.ExecuteAsync(
            $"update raw_uploads set state = 'registered', reserved = 0, claimed_at = null where {KeyCondition}",
            new { session.Scope.TenantId, session.Scope.Env, assetId });
        return upload.Reserved;
    }

    /// <summary>Marks an asset's bytes for deletion. If its form is still open, the reaper checks again after it expires.</summary>
    public static async ValueTask MarkGoneAsync(WriteSession session, string assetId, string filename, long now) =>
        await session.ExecuteAsync(
        """
        insert into raw_uploads (tenant_id, env, asset_id, filename, content_type, size_bytes, reserved, state, claimed_at, expires_at)
        values (@TenantId, @Env, @assetId, @filename, null, null, 0, 'gone', null, @now)
        on conflict (tenant_id, env, asset_id) do update set state = 'gone'
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId, filename, now });

    /// <summary>Records bytes that may have been left under a final key and that no row refers to. Returns false if a row exists.</summary>
    public static async ValueTask<bool> TrackOrphanAsync(WriteSession session, string assetId, string filename, long now) =>
        await session.ExecuteAsync(
        """
        insert into raw_uploads (tenant_id, env, asset_id, filename, content_type, size_bytes, reserved, state, claimed_at, expires_at)
        values (@TenantId, @Env, @assetId, @filename, null, null, 0, 'gone', null, @now)
        on conflict (tenant_id, env, asset_id) do nothing
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId, filename, now }) == 1;

    /// <summary>Returns uploads of all tenants whose form expired before a time. Needs a cross-tenant scope.</summary>
    public static ValueTask<List<RawUpload>> ListExpiredAsync(ReadSession session, long before, int limit) => session.QueryAsync<RawUpload>(
        """
        select tenant_id as TenantId, env as Env, asset_id as AssetId, filename, reserved, state, expires_at as ExpiresAt
        from raw_uploads where expires_at < @before order by expires_at limit @limit
        """,
        new { before, limit });

    /// <summary>Closes an upload and releases its quota reservation.</summary>
    /// <returns>True if the upload is registered; null if the row no longer exists.</returns>
    public static async ValueTask<bool?> CloseAsync(WriteSession session, string assetId)
    {
        if (await FindAsync(session, assetId) is not { } upload)
        {
            return null;
        }

        if (upload.State == "registered")
        {
            return true;
        }

        await session.BatchState<UsageBatchState>().AddAsync(session, -upload.Reserved);
        await session.ExecuteAsync(
            $"update raw_uploads set state = 'gone', reserved = 0 where {KeyCondition}",
            new { session.Scope.TenantId, session.Scope.Env, assetId });
        return false;
    }

    /// <summary>Deletes the row of an upload whose bytes are deleted.</summary>
    public static async ValueTask<int> DeleteAsync(WriteSession session, string assetId) =>
        await session.ExecuteAsync(
            $"delete from raw_uploads where {KeyCondition}",
            new { session.Scope.TenantId, session.Scope.Env, assetId });
}

/// <summary>A stored upload.</summary>
internal sealed class RawUpload
{
    public string TenantId { get; init; } = "";

    public string Env { get; init; } = "";

    /// <summary>The id of the asset it becomes.</summary>
    public string AssetId { get; init; } = "";

    /// <summary>The requested file name.</summary>
    public string Filename { get; init; } = "";

    /// <summary>The requested content type; null if none was given.</summary>
    public string? ContentType { get; init; }

    /// <summary>The requested size in bytes; null if none was given.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The bytes reserved in the quota.</summary>
    public long Reserved { get; init; }

    /// <summary>One of <c>open</c>, <c>taken</c>, <c>registering</c>, <c>registered</c> and <c>gone</c>.</summary>
    public string State { get; init; } = "open";

    /// <summary>When the current registration claimed it, in Unix microseconds; null if it is not claimed.</summary>
    public long? ClaimedAt { get; init; }

    /// <summary>When the form expires, in Unix microseconds.</summary>
    public long ExpiresAt { get; init; }
}
