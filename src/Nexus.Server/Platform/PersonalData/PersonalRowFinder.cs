using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>Finds a person's rows in a table without an index for it, a bounded piece of the table a statement: nobody else waits for the search.</summary>
internal static class PersonalRowFinder
{
    private const int Window = 2_000;

    /// <summary>The rows of one piece of a table that are a person's.</summary>
    /// <param name="session">A read of the tenant and env.</param>
    /// <param name="person">Whose.</param>
    /// <param name="after">The key where the piece before ended.</param>
    /// <param name="table">The table; its key is tenant, env and <paramref name="key"/>.</param>
    /// <param name="key">The column of the ids.</param>
    /// <param name="mine">The condition, with the parameters <c>UserId</c> and <c>about</c>.</param>
    /// <param name="about">How a text of the table names the person.</param>
    public static async ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after, string table, string key, string mine, string about = "")
    {
        var rows = await session.QueryAsync<Row>(
            $"select {key} as Id, case when {mine} then 1 else 0 end as Mine from {table} where tenant_id = @TenantId and env = @Env and {key} > @after order by {key} limit @Window",
            new { session.Scope.TenantId, session.Scope.Env, person.UserId, about, after, Window });
        return new IdPage([.. rows.Where(row => row.Mine == 1).Select(row => row.Id)], rows.Count == Window ? rows[^1].Id : null);
    }

    /// <summary>For rows that an erasure takes together: the person themself where a table has any of theirs, and nothing more.</summary>
    /// <param name="session">A read of the tenant and env.</param>
    /// <param name="person">Whose.</param>
    /// <param name="after">The key where the piece before ended.</param>
    /// <param name="table">The table.</param>
    /// <param name="mine">The condition, with the parameter <c>UserId</c>.</param>
    public static async ValueTask<IdPage> AnyAsync(ReadSession session, DataSubject person, string after, string table, string mine) => after.Length == 0 && await session.FirstOrDefaultAsync<int>(
        $"select 1 from {table} where tenant_id = @TenantId and env = @Env and ({mine}) limit 1", new { session.Scope.TenantId, session.Scope.Env, person.UserId }) == 1
        ? new IdPage([person.UserId], null)
        : IdPage.Empty;

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public int Mine { get; init; }
    }
}
