using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// Grants and row-level security of every table, as its <see cref="TableDeclaration"/> wants them. A table that names a tenant shows one
/// at a time even where it is not declared.
/// </summary>
internal static class PostgresRowLevelSecurity
{
    /// <summary>Tables, and a hash of who may do what with each.</summary>
    private const string TablesSql =
        """
        select c.relname as Name, obj_description(c.oid, 'pg_class') as Comment,
          exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as OfTenant,
          encode(sha256(convert_to(concat_ws('/', c.relrowsecurity, c.relforcerowsecurity, c.relacl,
            (select string_agg(concat_ws(' ', a.attname, a.attacl), ',' order by a.attname)
              from pg_attribute a where a.attrelid = c.oid and a.attacl is not null),
            (select string_agg(concat_ws(' ', p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, c.oid),
                pg_get_expr(p.polwithcheck, c.oid)), ',' order by p.polname)
              from pg_policy p where p.polrelid = c.oid)), 'UTF8')), 'hex') as State
        from pg_class c where c.relnamespace = current_schema()::regnamespace
        """;

    /// <summary>
    /// Protects each table whose protection differs from what is wanted, and no other: that takes the table away from everybody for a
    /// moment, and another node may be at work. One table at a time, locked first, so that nobody who holds one and waits for another can
    /// be met.
    /// </summary>
    public static async Task ApplyAsync(NpgsqlConnection owner, IReadOnlyList<TableDeclaration> tables, TimeProvider time)
    {
        var declared = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        var schema = await owner.ExecuteScalarAsync<string>("select quote_ident(current_schema())");
        await owner.ExecuteAsync($"grant usage on schema {schema} to nexus_app, nexus_system");
        var found = await owner.QueryAsync<FoundTable>(
            TablesSql + " and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations' order by c.relname");
        foreach (var table in found)
        {
            var sql = BuildSql(declared.GetValueOrDefault(table.Name) ?? new TableDeclaration(table.Name), table.OfTenant);
            var wanted = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (table.Comment == Comment(table))
            {
                continue;
            }

            await using var transaction = await LockTableAsync(owner, table.Name, time);
            await owner.ExecuteAsync(sql, transaction: transaction);
            var built = await owner.QuerySingleAsync<FoundTable>(TablesSql + " and c.relname = @Name", new { table.Name }, transaction);
            await owner.ExecuteAsync($"comment on table {table.Name} is '{Comment(built)}'", transaction: transaction);
            await transaction.CommitAsync();

            // What was asked for, and what stands since: either may change, by another version or by hand.
            string Comment(FoundTable state) => $"walls {wanted} {state.State}";
        }
    }

    /// <summary>
    /// Begins a transaction that has a table for itself. Everybody else queues behind whoever waits for that, so it waits for short times
    /// only.
    /// </summary>
    private static async Task<NpgsqlTransaction> LockTableAsync(NpgsqlConnection owner, string table, TimeProvider time)
    {
        while (true)
        {
            var transaction = await owner.BeginTransactionAsync();
            try
            {
                await owner.ExecuteAsync(
                    $"set local lock_timeout = '1s'; lock table {table} in access exclusive mode; set local lock_timeout = 0",
                    transaction: transaction);
                return transaction;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await transaction.DisposeAsync();
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    private static string BuildSql(TableDeclaration table, bool ofTenant)
    {
        var roles = ofTenant ? "nexus_app, nexus_system" : "nexus_system";
        // All of before goes first, whoever granted it: a permission or a policy too many is a hole. A restrictive policy takes, and may
        // stay.
        List<string> sql =
        [
            $"revoke all on {table.Name} from public, nexus_app, nexus_system",
            BuildGrants(table, roles),
            .. ofTenant ? BuildPolicies(table) : [],
        ];
        return string.Join(";\n", sql);
    }

    private static string BuildGrants(TableDeclaration table, string roles) => table.MutableColumns switch
    {
        null => $"grant select, insert, update, delete on {table.Name} to {roles}",
        [] => $"grant select, insert on {table.Name} to {roles}",
        var columns => $"grant select, insert on {table.Name} to {roles}; "
            + $"grant update ({string.Join(", ", columns)}) on {table.Name} to {roles}",
    };

    private static IEnumerable<string> BuildPolicies(TableDeclaration table)
    {
        const string OurRoles = "array[0, 'nexus_app'::regrole, 'nexus_system'::regrole]::oid[]";
        var name = table.Name;
        yield return $"alter table {name} enable row level security; alter table {name} force row level security";
        yield return
            $"""
            do $$ declare policy name; begin
              for policy in select polname from pg_policy
                where polrelid = '{name}'::regclass and polpermissive and polroles && {OurRoles} loop
                execute format('drop policy %I on {name}', policy);
              end loop;
            end $$
            """;
        yield return $"create policy tenant on {name} to nexus_app, nexus_system using (tenant_id = current_setting('app.tenant', true))";
        if (table.IsTenantZeroReadable)
        {
            yield return $"create policy tenant_zero on {name} for select to nexus_app, nexus_system "
                + $"using (tenant_id = '{Scope.SystemTenantId}')";
        }

        if (table.CrossTenant == CrossTenantAccess.Read)
        {
            yield return $"create policy logs on {name} for select to nexus_system using (true)";
        }

        if (table.CrossTenant == CrossTenantAccess.ReadWrite)
        {
            yield return $"create policy cross_tenant on {name} to nexus_system using (true)";
        }

        if (table.Expiry is { } expiry)
        {
            var delay = expiry.After > TimeSpan.Zero
                ? string.Create(CultureInfo.InvariantCulture, $" - {expiry.After.Ticks / TimeSpan.TicksPerMicrosecond}")
                : "";
            yield return $"create policy expired on {name} to nexus_system "
                + $"using ({expiry.Column} < (extract(epoch from now()) * 1000000)::bigint{delay})";
        }
    }

    private sealed class FoundTable
    {
        public string Name { get; init; } = "";

        public bool OfTenant { get; init; }

        public string? Comment { get; init; }

        public string State { get; init; } = "";
    }
}
