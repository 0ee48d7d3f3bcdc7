using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>
/// What an erasure has still to take because it was made of what it took, and what it has taken. Written with the taking itself, so that
/// a crash between a source and what was made of it loses nothing. Ids alone.
/// </summary>
internal static class ErasureItemStore
{
    /// <summary>Begins a statement that puts ids into the line; its select has the columns tenant, env, erasure, id, <c>false</c> and a condition, and <see cref="OnConflictDoNothingSql"/> ends it.</summary>
    public const string InsertSql = "insert into erasure_items (tenant_id, env, erasure_id, item_id, erased) ";

    /// <summary>Ends such a statement: what was in line or taken before stays so.</summary>
    public const string OnConflictDoNothingSql = " on conflict (tenant_id, env, erasure_id, item_id) do nothing";

    /// <summary>A condition that holds where an erasure has taken a thing.</summary>
    /// <param name="column">The thing's id, literal SQL; the query has the parameters <c>TenantId</c>, <c>Env</c> and <c>erasureId</c>.</param>
    public static string IsErasedSql(string column) =>
        $"exists (select 1 from erasure_items i where i.tenant_id = @TenantId and i.env = @Env and i.erasure_id = @erasureId and i.item_id = {column} and i.erased)";

    /// <summary>Puts ids into the line.</summary>
    public static ValueTask EnqueueAsync(WriteSession session, string erasureId, IEnumerable<string> ids) => session.ExecuteManyAsync(
        InsertSql + "values ($1, $2, $3, $4, false)" + OnConflictDoNothingSql,
        [.. ids.Select(id => new object?[] { session.Scope.TenantId, session.Scope.Env, erasureId, id })]);

    /// <summary>Notes that things were taken, or that there is nothing to take of them.</summary>
    public static ValueTask MarkErasedAsync(WriteSession session, string erasureId, IEnumerable<string> ids) => session.ExecuteManyAsync(
        InsertSql + "values ($1, $2, $3, $4, true) on conflict (tenant_id, env, erasure_id, item_id) do update set erased = true",
        [.. ids.Select(id => new object?[] { session.Scope.TenantId, session.Scope.Env, erasureId, id })]);

    /// <summary>The next of the line.</summary>
    public static ValueTask<List<string>> ListPendingAsync(ReadSession session, string erasureId, int limit) => session.QueryAsync<string>(
        "select item_id from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId and not erased order by item_id limit @limit",
        new { session.Scope.TenantId, session.Scope.Env, erasureId, limit });

    /// <summary>Those of some ids that an erasure has taken.</summary>
    public static async ValueTask<HashSet<string>> FilterErasedAsync(ReadSession session, string erasureId, IEnumerable<string> ids)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(1_000))
        {
            taken.UnionWith(await session.QueryAsync<string>(
                $"select item_id from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId and erased and {session.In("item_id", "some")}",
                new { session.Scope.TenantId, session.Scope.Env, erasureId, some }));
        }

        return taken;
    }

    /// <summary>Whether there is any id of an erasure in the session's env.</summary>
    public static async ValueTask<bool> AnyAsync(ReadSession session, string erasureId) => await session.FirstOrDefaultAsync<int>(
        "select 1 from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId limit 1", new { session.Scope.TenantId, session.Scope.Env, erasureId }) == 1;

    /// <summary>Forgets all ids of an erasure in the session's env.</summary>
    public static ValueTask<int> DeleteAllAsync(WriteSession session, string erasureId) => session.ExecuteAsync(
        "delete from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId", new { session.Scope.TenantId, session.Scope.Env, erasureId });
}
