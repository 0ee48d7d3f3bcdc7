using System.Data.Common;

using Microsoft.Data.Sqlite;

using Npgsql;

namespace Nexus.Tests.Platform.Storage;

/// <summary>The schema can be partitioned by tenant.</summary>
public sealed class PrimaryKeyTests
{
    private const string Postgres = """
        select c.relname, coalesce((
          select string_agg(a.attname, ',' order by k.position)
          from pg_index i, unnest(i.indkey::int[]) with ordinality k(attnum, position)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
          where i.indrelid = c.oid and i.indisprimary), '') as key,
          (select string_agg(a.attname, ',') from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
            and not a.attisdropped) as columns
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        """;

    private const string Sqlite = """
        select m.name,
          coalesce((select group_concat(name, ',') from (select name from pragma_table_info(m.name) where pk > 0 order by pk)), '') as key,
          (select group_concat(name, ',') from pragma_table_info(m.name)) as columns
        from sqlite_master m where m.type = 'table' and m.name not like 'sqlite_%'
        """;

    [Theory, Engines]
    public async Task Primary_key_of_every_tenant_table_starts_with_tenant_and_env(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        await using DbConnection connection = engine == "postgres"
            ? new NpgsqlConnection(host.ConnectionString)
            : new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = Path.Combine(host.Folder, "nexus.db"),
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = engine == "postgres" ? Postgres : Sqlite;
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = 0;
        var wrong = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            var (table, key, columns) = (rows.GetString(0), rows.GetString(1).Split(','), rows.GetString(2).Split(','));
            if (!columns.Contains("tenant_id", StringComparer.Ordinal))
            {
                continue;
            }

            tables++;
            // Tenants, members and API keys span all envs, so their primary keys do not contain the env.
            string[] begins = columns.Contains("env", StringComparer.Ordinal) && !BelongsToAllEnvs(table)
                ? ["tenant_id", "env"]
                : ["tenant_id"];
            if (!key.Take(begins.Length).SequenceEqual(begins, StringComparer.Ordinal))
            {
                wrong.Add($"{table}: {string.Join(", ", key)}");
            }
        }

        wrong.ShouldBeEmpty();
        tables.ShouldBeGreaterThan(5);
    }

    /// <summary>A key's env is the env it is bound to, not the env it is stored in.</summary>
    private static bool BelongsToAllEnvs(string table) => table == "api_keys";
}
