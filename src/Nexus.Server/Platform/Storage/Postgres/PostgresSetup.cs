using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// Brings a PostgreSQL database up to date at start: refuses a server that may lose what it acknowledged, applies migrations,
/// and puts up row-level security on every table that names a tenant, so that a new table cannot be forgotten.
/// </summary>
internal static class PostgresSetup
{
    /// <summary>
    /// Tables that sign-in, token checks and administration read and write across tenants, through the second role.
    /// A table that is not named here shows one tenant at a time to everybody.
    /// </summary>
    private static readonly string[] _crossTenantTables = ["tenants", "memberships", "api_keys", "invitations"];

    /// <summary>
    /// What the second role may see of all tenants: sizes and hashes of logs, since somebody must know which have grown to sign them, and
    /// which erasures are to be done.
    /// </summary>
    private static readonly string[] _crossTenantReadableTables = ["log_heads", "log_checkpoints", "erasures"];

    /// <summary>Rows of all tenants that the second role may see, and so drop, once they are no longer owed.</summary>
    private static readonly (string Table, string When)[] _expirableRows =
    [
        ("kept_answers", "created_at < (extract(epoch from now()) * 1000000)::bigint - 86400000000"),
        ("allowances", "ends_at < (extract(epoch from now()) * 1000000)::bigint - 86400000000"),
        ("raw_uploads", "expires_at < (extract(epoch from now()) * 1000000)::bigint"),
    ];

    /// <summary>Configuration of tenant-0, which counts for every tenant and may be read by all.</summary>
    private static readonly string[] _tenantZeroReadableTables = ["kill_switches", "training_preferences", "flags", "flag_versions"];

    /// <summary>Tables of the log: written once, but for the columns that are named. Triggers say what may become of those.</summary>
    private static readonly Dictionary<string, string> _appendOnlyTables = new(StringComparer.Ordinal)
    {
        ["events"] = "content, salt, actor_id, subject_id, surface",
        ["log_tiles"] = "hashes",
        ["log_checkpoints"] = "",
    };

    /// <summary>Tables, and a hash of who may do what with each.</summary>
    private const string TablesSql =
        """
        select c.relname as Name, obj_description(c.oid, 'pg_class') as Comment,
          exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as OfTenant,
          encode(sha256(convert_to(concat_ws('/', c.relrowsecurity, c.relforcerowsecurity, c.relacl,
            (select string_agg(concat_ws(' ', a.attname, a.attacl), ',' order by a.attname) from pg_attribute a where a.attrelid = c.oid and a.attacl is not null),
            (select string_agg(concat_ws(' ', p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)), ',' order by p.polname)
              from pg_policy p where p.polrelid = c.oid)), 'UTF8')), 'hex') as State
        from pg_class c where c.relnamespace = current_schema()::regnamespace
        """;

    /// <summary>Runs all of it under a lock that another starting node waits for.</summary>
    public static async Task ApplyAsync(NpgsqlConnection owner, TimeProvider time)
    {
        await RequireDurableSettingsAsync(owner);
        await owner.ExecuteAsync("select pg_advisory_lock(7017276)");
        try
        {
            // Roles belong to the whole server: another database's node may make or grant them at the same moment.
            // From PostgreSQL 16 on, who made a role may not use it before it is granted.
            await owner.ExecuteAsync(
                """
                do $$ declare r text; begin
                  foreach r in array array['nexus_app', 'nexus_system'] loop
                    begin
                      execute format('create role %I nologin nobypassrls', r);
                    exception when duplicate_object or unique_violation then null;
                    end;
                    begin
                      execute format('grant %I to %I', r, current_user);
                    exception when unique_violation or insufficient_privilege then null;
                    end;
                  end loop;
                end $$
                """);
            await Migrator.ApplyAsync(owner, "postgres", time);
            await ApplyRowLevelSecurityAsync(owner, time);
        }
        finally
        {
            await owner.ExecuteAsync("select pg_advisory_unlock(7017276)");
        }
    }

    /// <summary>Takes dead rows of some tables away. Only their owner may, and the roles that the service works with own none.</summary>
    /// <returns>False where a transaction still sees one. Rows that died since, as they do all the time where there is much to do, are no reason.</returns>
    public static async ValueTask<bool> VacuumAsync(string ownerConnection, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        await using var owner = new NpgsqlConnection(ownerConnection);
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

    private static async ValueTask<long> CountDeadTuplesAsync(NpgsqlConnection owner, IReadOnlyList<string> tables, CancellationToken cancellationToken) =>
        await owner.ExecuteScalarAsync<long>(new CommandDefinition(
            "select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables where schemaname = current_schema() and relname = any(@tables)",
            new { tables = tables.ToArray() }, cancellationToken: cancellationToken));

    /// <summary>
    /// Waits a little until everybody is gone who could see what was there before now. False where somebody stays, or where there are
    /// others of whom this role is not told.
    /// </summary>
    private static async ValueTask<bool> WaitForOldSnapshotsAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        const int MostLooks = 20;
        var now = await owner.ExecuteScalarAsync<string>(new CommandDefinition("select pg_current_xact_id()::xid::text", cancellationToken: cancellationToken));
        var look = new CommandDefinition(
            """
            select exists (
              select 1 from (
                select backend_xmin from pg_stat_activity where pid <> pg_backend_pid() union all select backend_xid from pg_stat_activity where pid <> pg_backend_pid()
                union all select xmin from pg_replication_slots union all select transaction from pg_prepared_xacts) held (oldest)
              where age(oldest) > age(cast(@now as text)::xid))
              or exists (select 1 from pg_stat_activity where datname = current_database() and query = '<insufficient privilege>')
            """,
            new { now },
            cancellationToken: cancellationToken);
        for (var looks = 0; await owner.ExecuteScalarAsync<bool>(look); looks++)
        {
            if (looks == MostLooks)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        return true;
    }

    private static async Task RequireDurableSettingsAsync(NpgsqlConnection owner)
    {
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            if (await owner.ExecuteScalarAsync<string>("select current_setting(@setting)", new { setting }) == "off")
            {
                throw new StartupException($"The PostgreSQL server has {setting}=off and may lose what it acknowledged. Set it to on.");
            }
        }
    }

    /// <summary>
    /// Puts up the walls of each table that lacks some, and of no other: it takes the table away from everybody for a moment, and another
    /// node may be at work. One table at a time, locked first, so that nobody who holds one and waits for another can be met.
    /// </summary>
    private static async Task ApplyRowLevelSecurityAsync(NpgsqlConnection owner, TimeProvider time)
    {
        await owner.ExecuteAsync("grant usage on schema " + await owner.ExecuteScalarAsync<string>("select quote_ident(current_schema())") + " to nexus_app, nexus_system");
        foreach (var table in await owner.QueryAsync<Table>(TablesSql + " and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations' order by c.relname"))
        {
            var sql = BuildRowLevelSecuritySql(table.Name, table.OfTenant);
            var wanted = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (table.Comment == Comment(table))
            {
                continue;
            }

            await using var transaction = await LockTableAsync(owner, table.Name, time);
            await owner.ExecuteAsync(sql, transaction: transaction);
            var built = await owner.QuerySingleAsync<Table>(TablesSql + " and c.relname = @Name", new { table.Name }, transaction);
            await owner.ExecuteAsync($"comment on table {table.Name} is '{Comment(built)}'", transaction: transaction);
            await transaction.CommitAsync();

            // What was asked for, and what stands since: either may change, by another version or by hand.
            string Comment(Table found) => $"walls {wanted} {found.State}";
        }
    }

    /// <summary>Begins a transaction that has a table for itself. Everybody else queues behind whoever waits for that, so it waits for short times only.</summary>
    private static async Task<NpgsqlTransaction> LockTableAsync(NpgsqlConnection owner, string table, TimeProvider time)
    {
        while (true)
        {
            var transaction = await owner.BeginTransactionAsync();
            try
            {
                await owner.ExecuteAsync($"set local lock_timeout = '1s'; lock table {table} in access exclusive mode; set local lock_timeout = 0", transaction: transaction);
                return transaction;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await transaction.DisposeAsync();
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    private static string BuildRowLevelSecuritySql(string table, bool ofTenant)
    {
        var roles = ofTenant ? "nexus_app, nexus_system" : "nexus_system";
        // All of before goes first, whoever granted it: a permission or a policy too many is a hole. A restrictive policy takes, and may stay.
        var sql = new List<string>
        {
            $"revoke all on {table} from public, nexus_app, nexus_system",
            _appendOnlyTables.TryGetValue(table, out var columns)
                ? $"grant select, insert on {table} to {roles}{(columns.Length == 0 ? "" : $"; grant update ({columns}) on {table} to {roles}")}"
                : $"grant select, insert, update, delete on {table} to {roles}",
        };
        if (ofTenant)
        {
            sql.Add($"alter table {table} enable row level security; alter table {table} force row level security");
            sql.Add(
                $"""
                do $$ declare policy name; begin
                  for policy in select polname from pg_policy
                    where polrelid = '{table}'::regclass and polpermissive and polroles && array[0, 'nexus_app'::regrole, 'nexus_system'::regrole]::oid[] loop
                    execute format('drop policy %I on {table}', policy);
                  end loop;
                end $$
                """);
            sql.Add($"create policy tenant on {table} to nexus_app, nexus_system using (tenant_id = current_setting('app.tenant', true))");
            if (_tenantZeroReadableTables.Contains(table))
            {
                sql.Add($"create policy tenant_zero on {table} for select to nexus_app, nexus_system using (tenant_id = '{Scope.SystemTenantId}')");
            }

            if (_crossTenantReadableTables.Contains(table))
            {
                sql.Add($"create policy logs on {table} for select to nexus_system using (true)");
            }

            if (_crossTenantTables.Contains(table))
            {
                sql.Add($"create policy cross_tenant on {table} to nexus_system using (true)");
            }

            sql.AddRange(_expirableRows.Where(rows => rows.Table == table).Select(rows => $"create policy expired on {table} to nexus_system using ({rows.When})"));
        }

        return string.Join(";\n", sql);
    }

    private sealed class Table
    {
        public string Name { get; init; } = "";

        public bool OfTenant { get; init; }

        public string? Comment { get; init; }

        public string State { get; init; } = "";
    }
}
