using Dapper;
using Npgsql;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>A copy of a database that can be restored later.</summary>
internal sealed class Snapshot
{
    private readonly NexusHost _host;
    private readonly string _copy;

    private Snapshot(NexusHost host, string copy) => (_host, _copy) = (host, copy);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Copies the database of a host, which is restarted for it.</summary>
    public static async Task<Snapshot> TakeAsync(NexusHost host)
    {
        await host.StopAsync();
        var snapshot = new Snapshot(
            host,
            host.Engine == "sqlite"
                ? Directory.CreateDirectory(Path.Combine(host.Folder, "copy-of-database")).FullName
                : Database(host) + "_copy");
        if (host.Engine == "sqlite")
        {
            Copy(host.Folder, snapshot._copy);
        }
        else
        {
            await CopyAsync(host, Database(host), snapshot._copy);
        }

        await host.StartAgainAsync();
        return snapshot;
    }

    /// <summary>Replaces the database of a stopped host with the copy.</summary>
    public async Task RestoreAsync()
    {
        if (_host.Engine == "postgres")
        {
            await CopyAsync(_host, _copy, Database(_host));
            return;
        }

        foreach (var file in Directory.GetFiles(_host.Folder, "nexus.db*"))
        {
            File.Delete(file);
        }

        Copy(_copy, _host.Folder);
    }

    private static string Database(NexusHost host) => new NpgsqlConnectionStringBuilder(host.ConnectionString).Database!;

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "nexus.db*"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static async Task CopyAsync(NexusHost host, string from, string to)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(PostgresCluster.Superuser(host.ConnectionString!))
            {
                Database = "postgres",
                Pooling = false,
            }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await connection.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = @from", new { from });
        await connection.ExecuteAsync($"drop database if exists {to} with (force)");
        await connection.ExecuteAsync(
            $"create database {to} template {from} owner {new NpgsqlConnectionStringBuilder(host.ConnectionString).Username}");
    }
}
