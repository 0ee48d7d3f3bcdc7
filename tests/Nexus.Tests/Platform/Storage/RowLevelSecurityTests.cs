using System.Text;

using Npgsql;

namespace Nexus.Tests.Platform.Storage;

/// <summary>Defense in depth: a statement without a WHERE clause, run in the service's role, sees only one tenant.</summary>
public sealed class RowLevelSecurityTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Select_without_where_sees_only_own_tenant()
    {
        var host = await NexusHost.SharedAsync("postgres");
        var (mine, theirs) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        await WriteAsync(host, mine);
        await WriteAsync(host, theirs);
        await using var connection = await ConnectAsync(host, "nexus_app");
        foreach (var table in await TablesAsync(connection))
        {
            var seen = await TenantsAsync(connection, table, mine);
            // Tenant-0's configuration is visible to everyone.
            seen.Remove("t_system");
            seen.ShouldBeSubsetOf([mine], table);
            (await TenantsAsync(connection, table, tenant: "")).ShouldBeSubsetOf(["t_system"], table);
        }

        (await TenantsAsync(connection, "cards", mine)).ShouldBe([mine]);
        (await TenantsAsync(connection, "events", mine)).ShouldBe([mine]);
    }

    [Fact]
    public async Task System_role_cannot_read_tenant_knowledge_or_log()
    {
        var host = await NexusHost.SharedAsync("postgres");
        await WriteAsync(host, NexusHost.NewTenant());
        await using var connection = await ConnectAsync(host, "nexus_system");
        foreach (var table in new[] { "cards", "card_revisions", "packs", "events", "log_tiles", "log_deliveries", "kept_answers" })
        {
            (await TenantsAsync(connection, table, "t_system")).ShouldBeSubsetOf(["t_system"], table);
        }
    }

    [Fact]
    public async Task System_role_reads_log_heads_but_cannot_change_or_sign_them()
    {
        var host = await NexusHost.SharedAsync("postgres");
        var theirs = NexusHost.NewTenant();
        await WriteAsync(host, theirs);
        await using var connection = await ConnectAsync(host, "nexus_system");
        (await TenantsAsync(connection, "log_heads", "t_system")).ShouldContain(theirs);
        await ScopeAsync(connection, "t_system");
        await using var change = new NpgsqlCommand($"update log_heads set size = 0 where tenant_id = '{theirs}'", connection);
        (await change.ExecuteNonQueryAsync(Cancelled)).ShouldBe(0);
        await using var forged = new NpgsqlCommand(
            $"""
            insert into log_checkpoints (tenant_id, env, epoch, size, key_number, note, signed_at)
              values ('{theirs}', 'prod', 0, 1000, 1, '', 0)
            """,
            connection);
        (await Should.ThrowAsync<PostgresException>(() => forged.ExecuteNonQueryAsync(Cancelled))).SqlState.ShouldBe("42501");
    }

    [Theory]
    [InlineData("update cards set card_type = 'taken'")]
    [InlineData("delete from cards")]
    public async Task Change_without_where_leaves_other_tenants_untouched(string sql)
    {
        var host = await NexusHost.SharedAsync("postgres");
        var theirs = NexusHost.NewTenant();
        await WriteAsync(host, theirs);
        await using var connection = await ConnectAsync(host, "nexus_app");
        await ScopeAsync(connection, NexusHost.NewTenant());
        await using var command = new NpgsqlCommand(sql, connection);
        (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBe(0);
    }

    [Fact]
    public async Task Row_cannot_be_inserted_for_other_tenant()
    {
        var host = await NexusHost.SharedAsync("postgres");
        await using var connection = await ConnectAsync(host, "nexus_app");
        await ScopeAsync(connection, NexusHost.NewTenant());
        await using var command = new NpgsqlCommand(
            "insert into log_heads (tenant_id, env, size, range, recorded_at) values ('t_another', 'prod', 0, '', 0)",
            connection);
        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancelled));
        refused.SqlState.ShouldBe("42501");
    }

    [Theory]
    [InlineData("update events set entry = '{}'")]
    [InlineData("delete from events")]
    [InlineData("truncate events")]
    public async Task App_role_cannot_rewrite_log(string sql)
    {
        var host = await NexusHost.SharedAsync("postgres");
        var tenant = NexusHost.NewTenant();
        await WriteAsync(host, tenant);
        await using var connection = await ConnectAsync(host, "nexus_app");
        await ScopeAsync(connection, tenant);
        await using var command = new NpgsqlCommand(sql, connection);
        await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancelled));
    }

    [Theory]
    [InlineData("update events set entry = '{}'")]
    [InlineData("update events set content = 'forged'")]
    [InlineData("delete from events")]
    [InlineData("truncate events")]
    public async Task Superuser_cannot_rewrite_log(string sql)
    {
        var host = await NexusHost.SharedAsync("postgres");
        await WriteAsync(host, NexusHost.NewTenant());
        await using var connection = new NpgsqlConnection(PostgresCluster.Superuser(host.ConnectionString!));
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancelled));
        refused.MessageText.ShouldBe("events are append-only");
    }

    private static async Task WriteAsync(NexusHost host, string tenant)
    {
        using var client = host.Client(tenant, "u_wall", "owner");
        using var text = new StringContent("card_type: note\n---\nBehind the wall.\n", Encoding.UTF8, "text/plain");
        using var answer = await client.PostAsync(new Uri("/nexus/cards", UriKind.Relative), text, Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static async Task<NpgsqlConnection> ConnectAsync(NexusHost host, string role)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(host.ConnectionString) { Options = $"-c role={role}", Pooling = false }.ToString());
        await connection.OpenAsync(Cancelled);
        return connection;
    }

    private static async Task ScopeAsync(NpgsqlConnection connection, string tenant)
    {
        await using var scope = new NpgsqlCommand("select set_config('app.tenant', $1, false)", connection)
        {
            Parameters = { new() { Value = tenant } },
        };
        await scope.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task<List<string>> TenantsAsync(NpgsqlConnection connection, string table, string tenant)
    {
        await ScopeAsync(connection, tenant);
        return await ListAsync(connection, $"select distinct tenant_id from {table}");
    }

    private static Task<List<string>> TablesAsync(NpgsqlConnection connection) => ListAsync(
        connection,
        """
        select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        """);

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var list = new List<string>();
        while (await rows.ReadAsync(Cancelled))
        {
            list.Add(rows.GetString(0));
        }

        return list;
    }
}
