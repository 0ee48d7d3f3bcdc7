using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>Takes dead rows of tables away. Only their owner may, and the roles that the service works with own none.</summary>
internal static class PostgresVacuum
{
    /// <summary>Runs it on some tables.</summary>
    /// <returns>
    /// False where a transaction still sees a dead row. Rows that died since, as they do all the time where there is much to do, are no
    /// reason.
    /// </returns>
    public static async ValueTask<bool> RunAsync(
        string ownerConnectionString, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        await using var owner = new NpgsqlConnection(ownerConnectionString);
        await owner.OpenAsync(cancellationToken);
        var areGone = await WaitForOldSnapshotsAsync(owner, cancellationToken);
        var vacuum = new CommandDefinition("vacuum " + string.Join(", ", tables), cancellationToken: cancellationToken);
        await owner.ExecuteAsync(vacuum);
        if (await CountDeadTuplesAsync(owner, tables, cancellationToken) == 0)
        {
            return true;
        }

        // It passes over a page that somebody looks at just then.
        await owner.ExecuteAsync(vacuum);
        return areGone || await CountDeadTuplesAsync(owner, tables, cancellationToken) == 0;
    }

    private static async ValueTask<long> CountDeadTuplesAsync(
        NpgsqlConnection owner, IReadOnlyList<string> tables, CancellationToken cancellationToken) =>
        await owner.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables
            where schemaname = current_schema() and relname = any(@tables)
            """,
            new { tables = tables.ToArray() },
            cancellationToken: cancellationToken));

    /// <summary>
    /// Waits a little until everybody is gone who could see what was there before now. False where somebody stays, or where there are
    /// others of whom this role is not told.
    /// </summary>
    private static async ValueTask<bool> WaitForOldSnapshotsAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        const int MaxLooks = 20;
        var now = await owner.ExecuteScalarAsync<string>(
            new CommandDefinition("select pg_current_xact_id()::xid::text", cancellationToken: cancellationToken));
        var look = new CommandDefinition(
            """
            select exists (
              select 1 from (
                select backend_xmin from pg_stat_activity where pid <> pg_backend_pid()
                union all select backend_xid from pg_stat_activity where pid <> pg_backend_pid()
                union all select xmin from pg_replication_slots
                union all select transaction from pg_prepared_xacts) held (oldest)
              where age(oldest) > age(cast(@now as text)::xid))
              or exists (select 1 from pg_stat_activity where datname = current_database() and query = '<insufficient privilege>')
            """,
            new { now },
            cancellationToken: cancellationToken);
        for (var looks = 0; await owner.ExecuteScalarAsync<bool>(look); looks++)
        {
            if (looks == MaxLooks)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        return true;
    }
}
