using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>
/// The items that an erasure still has to erase because they were derived from erased ones, and those it has erased. Written in
/// the same transaction as the erasure of each item, so that a crash does not lose derived items. Contains only ids.
/// </summary>
internal static class ErasureItemStore
{
    /// <summary>
    /// The start of a statement that queues ids. It must be followed by a select of tenant, env, erasure, id and <c>false</c>
    /// with a condition, and end with <see cref="OnConflictDoNothingSql"/>.
    /// </summary>
    public const string InsertSql = "insert into erasure_items (tenant_id, env, erasure_id, item_id, erased) ";

    /// <summary>The end of such a statement. Ids that are already queued or erased do not change.</summary>
    public const string OnConflictDoNothingSql = " on conflict (tenant_id, env, erasure_id, item_id) do nothing";

    /// <summary>Returns an SQL condition that is true if the erasure has erased an item.</summary>
    /// <param name="column">
    /// The id column as literal SQL. The query must have the parameters <c>TenantId</c>, <c>Env</c> and <c>erasureId</c>.
    /// </param>
    public static string IsErasedSql(string column) =>
        $"""
        exists (select 1 from erasure_items i
          where i.tenant_id = @TenantId and i.env = @Env and i.erasure_id = @erasureId and i.item_id = {column} and i.erased)
        """;

    /// <summary>Queues ids.</summary>
    public static ValueTask EnqueueAsync(WriteSession session, string erasureId, IEnumerable<string> ids) => session.ExecuteManyAsync(
        InsertSql + "values ($1, $2, $3, $4, false)" + OnConflictDoNothingSql,
        [.. ids.Select(id => new object?[] { session.Scope.TenantId, session.Scope.Env, erasureId, id })]);

    /// <summary>Marks items as erased, or as having nothing to erase.</summary>
    public static ValueTask MarkErasedAsync(WriteSession session, string erasureId, IEnumerable<string> ids) => session.ExecuteManyAsync(
        InsertSql + "values ($1, $2, $3, $4, true) on conflict (tenant_id, env, erasure_id, item_id) do update set erased = true",
        [.. ids.Select(id => new object?[] { session.Scope.TenantId, session.Scope.Env, erasureId, id })]);

    /// <summary>Returns the next queued ids.</summary>
    public static ValueTask<List<string>> ListPendingAsync(ReadSession session, string erasureId, int limit) => session.QueryAsync<string>(
        """
        select item_id from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId and not erased
          order by item_id limit @limit
        """,
        new { session.Scope.TenantId, session.Scope.Env, erasureId, limit });

    /// <summary>Returns those of the ids that the erasure has erased.</summary>
    public static async ValueTask<HashSet<string>> FilterErasedAsync(ReadSession session, string erasureId, IEnumerable<string> ids)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(1_000))
        {
            taken.UnionWith(await session.QueryAsync<string>(
                $"""
                select item_id from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId and erased
                  and {session.In("item_id", "some")}
                """,
                new { session.Scope.TenantId, session.Scope.Env, erasureId, some }));
        }

        return taken;
    }

    /// <summary>Returns whether the erasure has any ids in the session's env.</summary>
    public static async ValueTask<bool> AnyAsync(ReadSession session, string erasureId) => await session.FirstOrDefaultAsync<int>(
        "select 1 from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId limit 1",
        new { session.Scope.TenantId, session.Scope.Env, erasureId }) == 1;

    /// <summary>Deletes all ids of the erasure in the session's env.</summary>
    public static ValueTask<int> DeleteAllAsync(WriteSession session, string erasureId) => session.ExecuteAsync(
        "delete from erasure_items where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId",
        new { session.Scope.TenantId, session.Scope.Env, erasureId });
}
