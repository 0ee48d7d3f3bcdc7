using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Nexus.Testing.Crash;

/// <summary>Blocks a row's write after a restart, so that a kill hits the server exactly there.</summary>
internal sealed class Stall : IAsyncDisposable
{
    private const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as never from n";

    private readonly NexusHost _host;

    private Stall(NexusHost host) => _host = host;

    /// <summary>Blocks a write, such as <c>insert on raw_assets</c>, from the next start of the server.</summary>
    public static async Task<Stall> AtAsync(NexusHost stopped, string write, string when)
    {
        var trigger = $"create trigger stall before {write} for each row when ({when})";
        if (stopped.ConnectionString is { } connectionString)
        {
            await using var superuser = new NpgsqlConnection(PostgresCluster.Superuser(connectionString));
            await superuser.ExecuteAsync(
                $"""
                create function stall() returns trigger language plpgsql as $$ begin perform pg_sleep(3600); return new; end $$;
                  {trigger} execute function stall()
                """);
        }
        else
        {
            await using var sqlite = Open(stopped);
            await sqlite.ExecuteAsync($"create view endless as {Endless}; {trigger} begin select never from endless; end");
        }

        return new Stall(stopped);
    }

    /// <summary>After the kill: ends the blocked write and unblocks the next server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_host.ConnectionString is { } connectionString)
        {
            await using var superuser = new NpgsqlConnection(PostgresCluster.Superuser(connectionString));
            await superuser.ExecuteAsync(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid(); drop function stall() cascade
                """);
        }
        else
        {
            await using var sqlite = Open(_host);
            await sqlite.ExecuteAsync("drop trigger stall; drop view endless");
        }
    }

    private static SqliteConnection Open(NexusHost host) =>
        new(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(host.Folder, "nexus.db"),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
}
