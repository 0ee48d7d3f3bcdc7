using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>Stores raw assets. Every write records its event, and every query is limited to one tenant and env.</summary>
internal sealed class RawAssetStore(EventLog log, TimeProvider time)
{
    private const string Columns =
        """
        asset_id as AssetId, filename, sha256, size_bytes as SizeBytes, content_type as ContentType, metadata, subject_id as SubjectId,
        created_at as CreatedAt, created_by as CreatedBy, seq
        """;

    /// <summary>Stores a signed form and records <c>raw_asset_presigned</c>.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask PresignAsync(WriteSession session, RequestContext context, RawUpload upload)
    {
        await RawUploadStore.AddAsync(session, upload);
        await log.AppendAsync(session, context, new NewEvent("raw_asset_presigned", "raw", upload.AssetId)
        {
            Input = new JsonObject { ["content_type"] = upload.ContentType, ["size_bytes"] = upload.SizeBytes },
        });
    }

    /// <summary>Stores an asset whose bytes are at their final key, and records <c>raw_asset_registered</c>.</summary>
    /// <param name="asset">The asset without its time, author and <c>seq</c>, which are set here.</param>
    /// <param name="claimedAt">The claim from <see cref="RawUploadStore.TryClaimAsync"/>.</param>
    /// <exception cref="ProblemException">404 if the claim was lost, 403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<RawAssetRow> RegisterAsync(WriteSession session, RequestContext context, RawAssetRow asset, long claimedAt)
    {
        var held = await RawUploadStore.TryRegisterAsync(session, asset.AssetId, claimedAt) ?? throw new ProblemException(Problem.NotFound);
        await session.BatchState<UsageBatchState>().AddAsync(session, asset.QuotaBytes - held);
        var recorded = await log.AppendAsync(session, context, new NewEvent("raw_asset_registered", "raw", asset.AssetId)
        {
            SubjectId = asset.SubjectId,
            Input = new JsonObject { ["content_type"] = asset.ContentType, ["size_bytes"] = asset.SizeBytes },
            Output = new JsonObject { ["sha256"] = asset.Sha256 },
        });
        var row = new RawAssetRow
        {
            AssetId = asset.AssetId,
            Filename = asset.Filename,
            Sha256 = asset.Sha256,
            SizeBytes = asset.SizeBytes,
            ContentType = asset.ContentType,
            Metadata = asset.Metadata,
            SubjectId = asset.SubjectId,
            CreatedAt = recorded.RecordedAt,
            CreatedBy = context.UserId,
            Seq = recorded.Seq,
        };
        await session.ExecuteAsync(
            """
            insert into raw_assets (tenant_id, env, asset_id, filename, sha256, size_bytes, content_type, metadata, subject_id, created_at,
              created_by, seq)
            values (@TenantId, @Env, @AssetId, @Filename, @Sha256, @SizeBytes, @ContentType, @Metadata, @SubjectId, @CreatedAt, @CreatedBy,
              @Seq)
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, row.AssetId, row.Filename, row.Sha256, row.SizeBytes, row.ContentType,
                row.Metadata, row.SubjectId,
                row.CreatedAt, row.CreatedBy, row.Seq,
            });
        return row;
    }

    /// <summary>
    /// Deletes an asset and records <c>raw_asset_deleted</c>. The caller deletes the bytes after the commit; if that fails, the
    /// reaper does.
    /// </summary>
    /// <exception cref="ProblemException">404.</exception>
    public async ValueTask<RawAssetRow> DeleteAsync(WriteSession session, RequestContext context, string assetId)
    {
        var asset = await FindAsync(session, assetId) ?? throw new ProblemException(Problem.NotFound);
        await session.BatchState<UsageBatchState>().AddAsync(session, -asset.QuotaBytes);
        await log.AppendAsync(
            session,
            context,
            new NewEvent("raw_asset_deleted", "raw", assetId)
            {
                SubjectId = asset.SubjectId,
                Input = new JsonObject { ["size_bytes"] = asset.SizeBytes },
            });
        await session.ExecuteAsync(
            "delete from raw_assets where tenant_id = @TenantId and env = @Env and asset_id = @assetId",
            new { session.Scope.TenantId, session.Scope.Env, assetId });
        await RawUploadStore.MarkGoneAsync(session, assetId, asset.Filename, time.GetUtcNowMicros());
        return asset;
    }

    /// <summary>Returns an asset, or null if it does not exist.</summary>
    public static ValueTask<RawAssetRow?> FindAsync(ReadSession session, string assetId) => session.FirstOrDefaultAsync<RawAssetRow>(
        $"select {Columns} from raw_assets where tenant_id = @TenantId and env = @Env and asset_id = @assetId",
        new { session.Scope.TenantId, session.Scope.Env, assetId });

    /// <summary>Which of some assets are there.</summary>
    public static async ValueTask<HashSet<string>> FindExistingAsync(ReadSession session, string[] assetIds) => new(
        await session.QueryAsync<string>(
            $"select asset_id from raw_assets where tenant_id = @TenantId and env = @Env and {session.In("asset_id", "assetIds")}",
            new { session.Scope.TenantId, session.Scope.Env, assetIds }),
        StringComparer.Ordinal);

    /// <summary>Returns a page of assets. The newest forms come first.</summary>
    /// <param name="contentType">Returns only assets of this content type; null for all.</param>
    /// <param name="createdAfter">Returns only assets registered after this time, in Unix microseconds; null for all.</param>
    /// <param name="before">Returns only ids before this one; null for the first page. Ids are ordered by time.</param>
    /// <param name="limit">The maximum number of assets.</param>
    public static ValueTask<List<RawAssetRow>> ListAsync(
        ReadSession session, string? contentType, long? createdAfter, string? before, int limit) =>
        session.QueryAsync<RawAssetRow>(
            $"select {Columns} from raw_assets where tenant_id = @TenantId and env = @Env"
            + (contentType is null ? "" : " and content_type = @contentType")
            + (createdAfter is null ? "" : " and created_at > @createdAfter")
            + (before is null ? "" : " and asset_id < @before")
            + " order by asset_id desc limit @limit",
            new { session.Scope.TenantId, session.Scope.Env, contentType, createdAfter, before, limit });
}
