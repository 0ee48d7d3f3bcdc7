using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;


namespace Nexus.Tests.Platform.Storage;

/// <summary>What the database itself enforces for every connection: isolation of tenants, and an append-only log.</summary>
public sealed class DatabaseSecurityTests
{
    [Theory, Engines]
    public async Task Events_cannot_be_changed_removed_or_replaced(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        await member.Card();
        var before = (await member.Events())[0];
        // On PostgreSQL also as superuser: the triggers apply to everyone.
        await using var connection = await OpenAsync(host);
        var all =
            "tenant_id, env, seq, event_id, recorded_at, event_type, action, asset_type, asset_id, trace_id, actor_id, subject_id, "
            + "surface, entry, leaf, content, salt";
        string[] statements =
        [
            "update events set event_type = 'other' where tenant_id = @Tenant",
            "update events set entry = '{}' where tenant_id = @Tenant",
            "update events set seq = seq + 1 where tenant_id = @Tenant",
            "update events set content = '{}' where tenant_id = @Tenant",
            "update events set content = null where tenant_id = @Tenant",
            "update events set actor_id = 'other' where tenant_id = @Tenant",
            """
            update events set asset_id = null, content = null, salt = null, actor_id = null, subject_id = null, surface = null
              where tenant_id = @Tenant
            """,
            "delete from events where tenant_id = @Tenant",
            engine == "sqlite"
                ? $"insert or replace into events ({all}) select {all} from events where tenant_id = @Tenant"
                : "truncate events",
            engine == "sqlite"
                ? $"replace into events ({all}) select {all} from events where tenant_id = @Tenant"
                :
                    $"""
                    insert into events ({all}) select {all} from events where tenant_id = @Tenant
                      on conflict (tenant_id, env, seq) do update set event_type = 'other'
                    """,
        ];
        foreach (var statement in statements)
        {
            var failure = await Should.ThrowAsync<DbException>(
                async () => await connection.ExecuteAsync(statement, new { member.Tenant }),
                statement);
            failure.Message.ShouldContain("append-only", Case.Insensitive, statement);
        }

        (await member.Events()).ShouldHaveSingleItem().LeafHash.ShouldBe(before.LeafHash);
    }

    [Fact]
    public async Task PostgreSQL_table_owner_is_subject_to_row_level_security()
    {
        var host = await NexusHost.SharedAsync("postgres");
        using var member = Caller.Create(host);
        await member.Card();
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        (await connection.ExecuteScalarAsync<long>("select count(*) from cards")).ShouldBe(0);
    }

    [Fact]
    public async Task PostgreSQL_forces_row_level_security_on_every_tenant_table()
    {
        var host = await NexusHost.SharedAsync("postgres");
        await using var connection = await OpenAsync(host);
        var tables = (await connection.QueryAsync<(string Table, bool Enabled, bool Forced)>(
            """
            select c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
              and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
            """)).ToList();
        tables.Count.ShouldBeGreaterThan(8);
        tables.ShouldAllBe(table => table.Enabled && table.Forced);
        (await connection.QueryAsync<string>(
            """
            select rolname from pg_roles where rolname in ('nexus_app', 'nexus_system') and (rolbypassrls or rolsuper or rolcanlogin)
            """)).ShouldBeEmpty();
    }

    [Fact]
    public async Task PostgreSQL_app_role_cannot_read_people_or_secrets()
    {
        var host = await NexusHost.SharedAsync("postgres");
        await using var connection = await OpenAsync(host);
        await connection.ExecuteAsync("set role nexus_app");
        foreach (var table in new[] { "users", "secrets", "sessions", "refresh_tokens", "one_time_links", "schema_migrations" })
        {
            var failure = await Should.ThrowAsync<PostgresException>(
                async () => await connection.ExecuteScalarAsync<long>($"select count(*) from {table}"),
                table);
            failure.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
        }

        foreach (var statement in new[]
        {
            "delete from events",
            "truncate events",
            "drop table cards",
            "alter table cards disable row level security",
            "create table mine (id int)",
        })
        {
            await Should.ThrowAsync<PostgresException>(async () => await connection.ExecuteAsync(statement), statement);
        }
    }

    private static async Task<DbConnection> OpenAsync(NexusHost host)
    {
        DbConnection connection = host.Engine == "postgres"
            ? new NpgsqlConnection(PostgresCluster.Superuser(host.ConnectionString!))
            : new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = Path.Combine(host.Folder, "nexus.db"), Pooling = false }.ToString());
        await connection.OpenAsync();
        if (host.Engine == "sqlite")
        {
            await connection.ExecuteAsync("pragma busy_timeout=5000; pragma recursive_triggers=ON");
        }

        return connection;
    }
}
