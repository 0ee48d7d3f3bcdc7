using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Bytes that may have no asset, from the signing of a form to the reaper. A row is there before its bytes and goes after them, so that
/// no crash leaves bytes that nobody knows of.
/// </summary>
internal static class RawUploadStore
{
    /// <summary>How long a registration may take to copy; after that another may begin.</summary>
    public static TimeSpan CopyTimeout { get; } = TimeSpan.FromMinutes(5);

    private const string KeyCondition = "tenant_id = @TenantId and env = @Env and asset_id = @assetId";

    /// <summary>Remembers a signed form and holds its size against the quota.</summary>
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
            new { session.Scope.TenantId, session.Scope.Env, upload.AssetId, upload.Filename, upload.ContentType, upload.SizeBytes, upload.Reserved, upload.ExpiresAt });
    }

    /// <summary>An upload of this tenant and env, or null.</summary>
    public static ValueTask<RawUpload?> FindAsync(ReadSession session, string assetId) => session.FirstOrDefaultAsync<RawUpload>(
        $"""
        select tenant_id as TenantId, env as Env, asset_id as AssetId, filename, content_type as ContentType, size_bytes as SizeBytes, reserved, state,
          claimed_at as ClaimedAt, expires_at as ExpiresAt
        from raw_uploads where {KeyCondition}
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId });

    /// <summary>Uses a form up, once, and holds the bytes that came against the quota where the form did not.</summary>
    /// <returns>False where it was used, registered or reaped before.</returns>
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
            $"update raw_uploads set state = 'taken', reserved = reserved + @more where {KeyCondition}", new { session.Scope.TenantId, session.Scope.Env, assetId, more });
        return true;
    }

    /// <summary>Takes the right to copy an upload's bytes to their final key: no second copy may replace what the first has registered.</summary>
    /// <returns>False where somebody else has it, or nothing is left to copy.</returns>
    public static async ValueTask<bool> TryClaimAsync(WriteSession session, string assetId, long now) => await session.ExecuteAsync(
        $"""
        update raw_uploads set state = 'registering', claimed_at = @now
        where {KeyCondition} and (state in ('open', 'taken') or (state = 'registering' and claimed_at < @over))
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId, now, over = now - (long)CopyTimeout.TotalMicroseconds }) == 1;

    /// <summary>Gives the right back, so that the caller may try again; where the upload was ended meanwhile, it says that no bytes come any more.</summary>
    public static async ValueTask<bool> ReleaseClaimAsync(WriteSession session, string assetId, long claimedAt) => await session.ExecuteAsync(
        $"update raw_uploads set state = case state when 'registering' then 'taken' else state end, claimed_at = null where {KeyCondition} and state in ('registering', 'gone') and claimed_at = @claimedAt",
        new { session.Scope.TenantId, session.Scope.Env, assetId, claimedAt }) == 1;

    /// <summary>Notes that the bytes have an asset now.</summary>
    /// <returns>The bytes that were held for them; null where the right to register them is lost.</returns>
    public static async ValueTask<long?> TryRegisterAsync(WriteSession session, string assetId, long claimedAt)
    {
        if (await FindAsync(session, assetId) is not { State: "registering" } upload || upload.ClaimedAt != claimedAt)
        {
            return null;
        }

        await session.ExecuteAsync(
            $"update raw_uploads set state = 'registered', reserved = 0, claimed_at = null where {KeyCondition}", new { session.Scope.TenantId, session.Scope.Env, assetId });
        return upload.Reserved;
    }

    /// <summary>Notes that an asset's bytes are to be removed; a form that still runs is looked at once more when it ends.</summary>
    public static async ValueTask MarkGoneAsync(WriteSession session, string assetId, string filename, long now) => await session.ExecuteAsync(
        """
        insert into raw_uploads (tenant_id, env, asset_id, filename, content_type, size_bytes, reserved, state, claimed_at, expires_at)
        values (@TenantId, @Env, @assetId, @filename, null, null, 0, 'gone', null, @now)
        on conflict (tenant_id, env, asset_id) do update set state = 'gone'
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId, filename, now });

    /// <summary>Notes bytes that may have been left under a final key, where nothing else remembers them.</summary>
    public static async ValueTask<bool> TrackOrphanAsync(WriteSession session, string assetId, string filename, long now) => await session.ExecuteAsync(
        """
        insert into raw_uploads (tenant_id, env, asset_id, filename, content_type, size_bytes, reserved, state, claimed_at, expires_at)
        values (@TenantId, @Env, @assetId, @filename, null, null, 0, 'gone', null, @now)
        on conflict (tenant_id, env, asset_id) do nothing
        """,
        new { session.Scope.TenantId, session.Scope.Env, assetId, filename, now }) == 1;

    /// <summary>Uploads of all tenants whose form ended before a time. Needs a scope across tenants.</summary>
    public static ValueTask<List<RawUpload>> ListExpiredAsync(ReadSession session, long before, int limit) => session.QueryAsync<RawUpload>(
        """
        select tenant_id as TenantId, env as Env, asset_id as AssetId, filename, reserved, state, expires_at as ExpiresAt
        from raw_uploads where expires_at < @before order by expires_at limit @limit
        """,
        new { before, limit });

    /// <summary>Ends an upload and lets go of what was held for it.</summary>
    /// <returns>Whether an asset has its final key; null where the row is gone already.</returns>
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
        await session.ExecuteAsync($"update raw_uploads set state = 'gone', reserved = 0 where {KeyCondition}", new { session.Scope.TenantId, session.Scope.Env, assetId });
        return false;
    }

    /// <summary>Forgets an upload whose bytes are removed.</summary>
    public static async ValueTask<int> DeleteAsync(WriteSession session, string assetId) =>
        await session.ExecuteAsync($"delete from raw_uploads where {KeyCondition}", new { session.Scope.TenantId, session.Scope.Env, assetId });
}

/// <summary>An upload as it is stored.</summary>
internal sealed class RawUpload
{
    /// <summary>Whose it is.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>In which env.</summary>
    public string Env { get; init; } = "";

    /// <summary>The asset it becomes.</summary>
    public string AssetId { get; init; } = "";

    /// <summary>The name that was asked for.</summary>
    public string Filename { get; init; } = "";

    /// <summary>The type that was asked for, if any.</summary>
    public string? ContentType { get; init; }

    /// <summary>The size that was asked for, if any.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Bytes of the quota held for it.</summary>
    public long Reserved { get; init; }

    /// <summary>As the migration says.</summary>
    public string State { get; init; } = "open";

    /// <summary>When somebody began to register it, microseconds.</summary>
    public long? ClaimedAt { get; init; }

    /// <summary>When the form ends, microseconds.</summary>
    public long ExpiresAt { get; init; }
}
