using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;
using Npgsql;



namespace Nexus.Tests.Platform.Storage;

/// <summary>The service refuses to start if it could lose or misread acknowledged data, and explains why.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task Startup_fails_without_fsync()
    {
        await using var cluster = await PostgresCluster.StartAsync(fsync: false);
        var settings = Postgres(await cluster.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        (await RefusedAsync(settings)).ShouldContain("fsync=off");
    }

    [Theory]
    [InlineData("synchronous_commit")]
    public async Task Startup_fails_without_synchronous_commit(string setting)
    {
        var connectionString = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using (var connection = new NpgsqlConnection(PostgresCluster.Superuser(connectionString)))
        {
            await connection.ExecuteAsync(
                $"alter database {new NpgsqlConnectionStringBuilder(connectionString).Database} set {setting} = off");
        }

        (await RefusedAsync(Postgres(connectionString))).ShouldContain($"{setting}=off");
    }

    [Fact]
    public async Task Startup_fails_when_PostgreSQL_is_unreachable() =>
        (await RefusedAsync(Postgres("Host=127.0.0.1;Port=1;Database=x;Username=x"))).ShouldContain("cannot be reached");

    [Theory, Engines]
    public async Task Startup_fails_with_wrong_master_key(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        await host.StopAsync();
        var settings = Settings(host);
        settings["Nexus:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        (await RefusedAsync(settings, host.Folder)).ShouldContain("master key");
    }

    [Fact]
    public async Task Startup_fails_when_SQLite_folder_is_in_use()
    {
        await using var host = await NexusHost.StartAsync("sqlite");
        (await RefusedAsync(Settings(host), host.Folder)).ShouldContain("Another Nexus process");
    }

    [Theory, Engines]
    public async Task Startup_fails_when_applied_migration_changed(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        await host.StopAsync();
        await ChangeAsync(host, "update schema_migrations set checksum = 'other' where name = '0001_core'");
        (await RefusedAsync(Settings(host), host.Folder)).ShouldContain("'0001_core' has changed");
    }

    [Theory, Engines]
    public async Task Startup_fails_with_newer_database_schema(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        await host.StopAsync();
        await ChangeAsync(host, "insert into schema_migrations (name, checksum, applied_at) values ('9999_future', 'x', 0)");
        (await RefusedAsync(Settings(host), host.Folder)).ShouldContain("'9999_future'");
    }

    [Fact]
    public async Task Startup_needs_no_exclusive_table_locks()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        await using var work = new NpgsqlConnection(host.ConnectionString);
        await work.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await work.BeginTransactionAsync(TestContext.Current.CancellationToken);
        foreach (var table in await work.QueryAsync<string>(
            "select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'"))
        {
            await work.ExecuteAsync($"lock table {table} in row exclusive mode", transaction: transaction);
        }

        // If it needed an exclusive lock, it would wait for the transaction forever.
        await using (await NexusHost.StartAsync("postgres", Settings(host)))
        {
        }
    }

    [Fact]
    public async Task Startup_waiting_for_lock_does_not_block_writers()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        await ChangeAsync(host, "alter table cards disable row level security");
        await using var reader = new NpgsqlConnection(host.ConnectionString);
        await reader.OpenAsync(TestContext.Current.CancellationToken);
        var transaction = await reader.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await reader.ExecuteAsync("lock table cards in access share mode", transaction: transaction);
        var starting = NexusHost.StartAsync("postgres", Settings(host));
        using var member = Caller.Create(host, "owner");
        await using var watcher = new NpgsqlConnection(host.ConnectionString);
        while (!await watcher.ExecuteScalarAsync<bool>(
            "select exists (select 1 from pg_locks where relation = 'cards'::regclass and mode = 'AccessExclusiveLock' and not granted)"))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // This write queues behind the waiting node, which gives up; the reader remains the whole time.
        (await member.Post()).Status.ShouldBe(200);
        starting.IsCompleted.ShouldBeFalse();
        await transaction.DisposeAsync();
        await (await starting).DisposeAsync();
    }

    [Fact]
    public async Task Startup_restores_row_level_security_and_grants()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        var before = await PoliciesAsync();
        await ChangeAsync(host, "alter table cards disable row level security");
        await ChangeAsync(host, "drop policy tenant on packs");
        await ChangeAsync(host, "alter policy tenant on atoms using (true)");
        await ChangeAsync(host, "grant update (entry) on events to nexus_app");
        await ChangeAsync(host, "grant select on memory_turns to public");
        await ChangeAsync(host, "create policy everything on maybes to nexus_app using (true)");
        (await PoliciesAsync()).ShouldNotBe(before);
        await using var next = await NexusHost.StartAsync("postgres", Settings(host));
        (await PoliciesAsync()).ShouldBe(before);

        async Task<string> PoliciesAsync()
        {
            await using var connection = new NpgsqlConnection(host.ConnectionString);
            return string.Join('\n', await connection.QueryAsync<string>(
                """
                select concat_ws(' ', c.relname, c.relrowsecurity, c.relforcerowsecurity, p.policyname, p.roles, p.cmd, p.qual,
                  has_column_privilege('nexus_app', c.oid, 'tenant_id', 'update'), has_table_privilege('public', c.oid, 'select'))
                from pg_class c left join pg_policies p on p.tablename = c.relname
                where c.relname in ('cards', 'packs', 'atoms', 'memory_turns', 'maybes')
                union all select concat_ws(' ', 'events', has_column_privilege('nexus_app', 'events', 'entry', 'update'),
                  has_column_privilege('nexus_app', 'events', 'content', 'update'))
                order by 1
                """));
        }
    }

    [Fact]
    public async Task Startup_reports_every_configuration_error()
    {
        var refusal = await RefusedAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Nexus:Database:Engine"] = "oracle",
            ["Nexus:RateLimits:Limit"] = "0",
            ["Nexus:Quotas:DailyRequests"] = "-1",
            ["Nexus:PublicUrl"] = "ftp://x",
        });
        foreach (var key in new[] { "Nexus:Database:Engine", "Nexus:RateLimits:Limit", "Nexus:Quotas:DailyRequests", "Nexus:PublicUrl" })
        {
            refusal.ShouldContain(key);
        }
    }

    private static Dictionary<string, string?> Postgres(string connectionString) => new(StringComparer.Ordinal)
    {
        ["Nexus:Database:Engine"] = "postgres",
        ["Nexus:Database:ConnectionString"] = connectionString,
    };

    private static Dictionary<string, string?> Settings(NexusHost host) => new(host.Settings, StringComparer.Ordinal);

    private static async Task ChangeAsync(NexusHost host, string sql)
    {
        if (host.Engine == "postgres")
        {
            await using var connection = new NpgsqlConnection(host.ConnectionString);
            await connection.ExecuteAsync(sql);
        }
        else
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(host.Folder, "nexus.db")};Pooling=false");
            await connection.ExecuteAsync(sql);
        }
    }

    /// <summary>Starts the service, expects it to refuse, and returns the message.</summary>
    private static async Task<string> RefusedAsync(Dictionary<string, string?> settings, string? folder = null)
    {
        var own = folder ?? Directory.CreateTempSubdirectory("nexus-start-").FullName;
        try
        {
            settings["Logging:LogLevel:Default"] = "None";
            var failure = await Should.ThrowAsync<StartupException>(
                () => Server.Program.BuildAsync(new ServeOptions { DataFolder = own, Urls = "http://127.0.0.1:0", Settings = settings }));
            return failure.Message;
        }
        finally
        {
            if (folder is null)
            {
                Directory.Delete(own, recursive: true);
            }
        }
    }
}
