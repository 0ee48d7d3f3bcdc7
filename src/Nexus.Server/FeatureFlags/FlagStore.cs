using System.Text;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>A layer as it is stored: all that one tenant wrote for one env.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="Version">0 where nothing was ever written.</param>
/// <param name="Rows">What counts, by key.</param>
internal sealed record StoredFlagLayer(string TenantId, long Version, IReadOnlyList<FlagRow> Rows)
{
    /// <summary>What counts of a key; null where the layer says nothing.</summary>
    public FlagRow? Find(string key) => Rows.FirstOrDefault(row => row.Key == key);

    /// <summary>Whether it is the same version, written by the same people: who wrote may be taken out of a version later.</summary>
    public bool IsSameAs(StoredFlagLayer other) =>
        Version == other.Version
            && Rows.Select(row => row.UpdatedBy).SequenceEqual(other.Rows.Select(row => row.UpdatedBy), StringComparer.Ordinal);

    /// <summary>The layer's next version.</summary>
    /// <param name="changes">Keys with their canonical JSON; null takes a key back.</param>
    /// <param name="userId">Who writes.</param>
    /// <param name="recordedAt">When, microseconds.</param>
    /// <param name="seq">Of the event.</param>
    public StoredFlagLayer With(IReadOnlyList<(string Key, string? Definition)> changes, string userId, long recordedAt, long seq)
    {
        var changed = changes.Select(change => change.Key).ToHashSet(StringComparer.Ordinal);
        return new StoredFlagLayer(TenantId, Version + 1,
        [
            .. Rows.Where(row => !changed.Contains(row.Key))
                .Concat(changes.Where(change => change.Definition is not null).Select(change => new FlagRow
                {
                    TenantId = TenantId, Key = change.Key, Version = Version
                        + 1, Definition = change.Definition, UpdatedAt = recordedAt, UpdatedBy = userId, Seq = seq,
                }))
                .OrderBy(row => row.Key, StringComparer.Ordinal),
        ]);
    }
}

/// <summary>The layers in the store, with everything they ever said.</summary>
internal static class FlagStore
{
    /// <summary>The topic that tells every node which layer changed.</summary>
    public const string Topic = "flags";

    /// <summary>The key under which a layer's evaluators stand; no flag has it.</summary>
    public const string EvaluatorsKey = "$evaluators";

    private const string Columns = "tenant_id as TenantId, key, version, definition, updated_at as UpdatedAt, updated_by as UpdatedBy, seq";

    /// <summary>The versions of all layers now, as <see cref="FlagConfiguration.Version"/> has them.</summary>
    public static async ValueTask<string> GetVersionsAsync(ReadSession session)
    {
        var tenantId = session.Scope.TenantId;
        var zero = tenantId == Scope.SystemTenantId ? 0 : await GetVersionAsync(session, Scope.SystemTenantId);
        var own = await GetVersionAsync(session, tenantId);
        return string.Create(CultureInfo.InvariantCulture, $"{zero}.{own}");
    }

    /// <summary>What a layer says now.</summary>
    /// <param name="session">A read of the tenant or, for tenant-0's, of any.</param>
    /// <param name="tenantId">The layer's tenant.</param>
    /// <param name="known">What is given back where the layer is still at its version.</param>
    public static async ValueTask<StoredFlagLayer> ReadAsync(ReadSession session, string tenantId, StoredFlagLayer? known = null)
    {
        var args = new { tenantId, session.Scope.Env };
        var version = await GetVersionAsync(session, tenantId);
        return version == known?.Version ? known : new StoredFlagLayer(tenantId, version, version == 0
            ? []
            : await session.QueryAsync<FlagRow>(
                $"""
                select {Columns} from flags where tenant_id = @tenantId and env = @Env and is_current and definition is not null
                  order by key
                """,
                args));
    }

    /// <summary>What a layer said at a moment.</summary>
    /// <param name="session">A read of the tenant or, for tenant-0's, of any.</param>
    /// <param name="tenantId">The layer's tenant.</param>
    /// <param name="until">Only what was written up to this moment, microseconds.</param>
    /// <param name="seq">Only what was written up to this place of the layer's log.</param>
    public static async ValueTask<StoredFlagLayer> ReadAtAsync(ReadSession session, string tenantId, long until, long seq)
    {
        var rows = await session.QueryAsync<FlagRow>(
            $"""
            select {Columns} from flags f where tenant_id = @tenantId and env = @Env and updated_at <= @until and seq <= @seq
              and version = (select max(version) from flags g where g.tenant_id = f.tenant_id and g.env = f.env and g.key = f.key
                and g.updated_at <= @until and g.seq <= @seq)
            order by key
            """,
            new { tenantId, session.Scope.Env, until, seq });
        return new StoredFlagLayer(
            tenantId,
            rows.Count == 0 ? 0 : rows.Max(row => row.Version),
            rows.FindAll(row => row.Definition is not null));
    }

    /// <summary>
    /// Stores changes of the session's tenant as one new version of its layer, and tells every node. All versions stay, and count towards
    /// the quota.
    /// </summary>
    /// <param name="session">A write of the layer's tenant.</param>
    /// <param name="changes">Keys with their canonical JSON; null takes a key back.</param>
    /// <param name="version">The new version.</param>
    /// <param name="userId">Who writes.</param>
    /// <param name="recordedAt">When, microseconds.</param>
    /// <param name="seq">Of the event.</param>
    public static async ValueTask SaveAsync(
        WriteSession session, IReadOnlyList<(string Key, string? Definition)> changes, long version, string userId, long recordedAt,
        long seq)
    {
        var scope = session.Scope;
        await session.BatchState<UsageBatchState>()
            .AddAsync(session, changes.Sum(change => (long)Encoding.UTF8.GetByteCount(change.Definition ?? "")));
        var keys = changes.Select(change => change.Key).ToArray();
        foreach (var some in keys.Chunk(500))
        {
            await session.ExecuteAsync(
                $"""
                update flags set is_current = false where tenant_id = @TenantId and env = @Env and is_current and {session.In("key",
                  "some")}
                """,
                new { scope.TenantId, scope.Env, some });
        }

        await session.ExecuteManyAsync(
            """
            insert into flags (tenant_id, env, key, version, definition, is_current, updated_at, updated_by, seq)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [.. changes.Select(
                change =>
                    new object?[] { scope.TenantId, scope.Env, change.Key, version, change.Definition, true, recordedAt, userId, seq })]);
        await session.ExecuteAsync(
            """
            insert into flag_versions (tenant_id, env, version, seq) values (@TenantId, @Env, @version, @seq)
            on conflict (tenant_id, env) do update set version = excluded.version, seq = excluded.seq
            """,
            new { scope.TenantId, scope.Env, version, seq });
        await NotifyAsync(session);
    }

    /// <summary>Tells every node that what the session's tenant wrote is another now.</summary>
    public static ValueTask NotifyAsync(WriteSession session) => session.NotifyAsync(Topic, GetLayerKey(session.Scope));

    /// <summary>A layer's name in caches and notifications.</summary>
    public static string GetLayerKey(Scope scope) => scope.TenantId + " " + scope.Env;

    private static ValueTask<long> GetVersionAsync(ReadSession session, string tenantId) => session.FirstOrDefaultAsync<long>(
        "select version from flag_versions where tenant_id = @tenantId and env = @Env", new { tenantId, session.Scope.Env });
}
