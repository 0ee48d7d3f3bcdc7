using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>
/// Finds a person's rows in a table without a suitable index. Each statement scans a bounded part of the table, so that the
/// search does not block others.
/// </summary>
internal static class PersonalRowFinder
{
    private const int Window = 2_000;

    /// <summary>Finds the person's rows in the next part of a table.</summary>
    /// <param name="after">The key where the previous part ended.</param>
    /// <param name="table">The table. Its primary key is tenant, env and <paramref name="key"/>.</param>
    /// <param name="key">The id column.</param>
    /// <param name="mine">The SQL condition. It may use the parameters <c>UserId</c> and <c>about</c>.</param>
    /// <param name="about">How a text in the table names the person.</param>
    public static async ValueTask<IdPage> FindAsync(
        ReadSession session, DataSubject person, string after, string table, string key, string mine, string about = "")
    {
        var rows = await session.QueryAsync<Row>(
            $"""
            select {key} as Id, case when {mine} then 1 else 0 end as Mine from {table}
              where tenant_id = @TenantId and env = @Env and {key} > @after order by {key} limit @Window
            """,
            new { session.Scope.TenantId, session.Scope.Env, person.UserId, about, after, Window });
        return new IdPage([.. rows.Where(row => row.Mine == 1).Select(row => row.Id)], rows.Count == Window ? rows[^1].Id : null);
    }

    /// <summary>For rows that an erasure deletes together: returns the person's own id if the table has any of their rows.</summary>
    /// <param name="after">The key where the previous part ended.</param>
    /// <param name="mine">The SQL condition. It may use the parameter <c>UserId</c>.</param>
    public static async ValueTask<IdPage> AnyAsync(ReadSession session, DataSubject person, string after, string table, string mine) =>
        after.Length == 0 && await session.FirstOrDefaultAsync<int>(
            $"select 1 from {table} where tenant_id = @TenantId and env = @Env and ({mine}) limit 1",
            new { session.Scope.TenantId, session.Scope.Env, person.UserId }) == 1
            ? new IdPage([person.UserId], null)
            : IdPage.Empty;

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public int Mine { get; init; }
    }
}
