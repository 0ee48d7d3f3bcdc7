using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Npgsql;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>A log of a new tenant, written in process so that long logs are fast.</summary>
internal sealed class WrittenLog
{
    private readonly NexusHost _host;

    private WrittenLog(NexusHost host) => (_host, Scope) = (host, new Scope(NexusHost.NewTenant(), "prod"));

    public Scope Scope { get; }

    /// <summary>The number of events appended.</summary>
    public int Size { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Database Database => _host.Services.GetRequiredService<Database>();

    /// <summary>Creates a log with a number of events.</summary>
    public static async Task<WrittenLog> OfAsync(NexusHost host, int size)
    {
        var log = new WrittenLog(host);
        await log.AppendAsync(size);
        return log;
    }

    /// <summary>Appends events, up to 1,000 per transaction.</summary>
    public async Task AppendAsync(int count)
    {
        var events = _host.Services.GetRequiredService<EventLog>();
        var context = RequestContextFactory.ForSystem("test", Scope);
        for (var left = count; left > 0; left -= 1_000)
        {
            var some = Math.Min(left, 1_000);
            await Database.WriteAsync(
                Scope,
                async session =>
                {
                    for (var i = 0; i < some; i++)
                    {
                        await events.AppendAsync(session, context, new NewEvent("tested", "test", null));
                    }

                    return some;
                },
                Cancelled);
        }

        lock (this)
        {
            Size += count;
        }
    }

    /// <summary>Returns the entries of the events, as hashed in the leaves.</summary>
    public async Task<byte[][]> EntriesAsync()
    {
        var entries = await Database.ReadAsync(
            Scope,
            session =>
                session.QueryAsync<string>(
                    "select entry from events where tenant_id = @TenantId and env = @Env order by seq",
                    new { Scope.TenantId, Scope.Env }),
            Cancelled);
        return [.. entries.Select(System.Text.Encoding.UTF8.GetBytes)];
    }

    /// <summary>Returns level, number and hash count of each tile.</summary>
    public async Task<List<(int Level, long N, int Hashes)>> TilesAsync() => await Database.ReadAsync(
        Scope,
        session =>
            session.QueryAsync<(int, long, int)>(
                "select level, n, length(hashes) / 32 from log_tiles where tenant_id = @TenantId and env = @Env order by level, n",
                new { Scope.TenantId, Scope.Env }),
        Cancelled);

    /// <summary>Compares the tree at these sizes, and the proofs between them, with a tree built from the entries.</summary>
    public async Task CheckAsync(params int[] sizes)
    {
        var leaves = (await EntriesAsync()).Select(entry => TreeHash.Leaf(entry)).ToArray();
        foreach (var size in sizes)
        {
            var range = await Database.ReadAsync(Scope, session => new LogTree(session).GetRangeAsync(size), Cancelled);
            range.ToBytes().ShouldBe(RangeOf(leaves.AsSpan(0, size)).ToBytes(), $"{size}");
            foreach (var index in new[] { 0, 1, 255, 256, size / 2, size - 1 }.Where(index => index < size).Distinct())
            {
                await CheckAsync(LeafRange.Inclusion(index, size), leaves);
            }

            foreach (var older in sizes.Where(older => older <= size))
            {
                await CheckAsync(LeafRange.Consistency(older, size), leaves);
            }
        }
    }

    /// <summary>Deletes the tiles, which only someone who can change the schema can do.</summary>
    public Task DropTilesAsync() => TamperAsync("delete from log_tiles where tenant_id = @TenantId");

    /// <summary>Runs a statement that the triggers refuse, with the triggers disabled.</summary>
    public async Task TamperAsync(string statement)
    {
        await using var connection = await OpenAsync(_host);
        if (_host.Engine == "postgres")
        {
            await connection.ExecuteAsync(
                "set session_replication_role = replica; " + statement + "; set session_replication_role = default",
                new { Scope.TenantId });
            return;
        }

        var triggers = (await connection.QueryAsync<(string Name, string Sql)>(
            "select name, sql from sqlite_master where type = 'trigger'")).ToList();
        foreach (var (name, _) in triggers)
        {
            await connection.ExecuteAsync($"drop trigger {name}");
        }

        await connection.ExecuteAsync(statement, new { Scope.TenantId });
        foreach (var (_, sql) in triggers)
        {
            await connection.ExecuteAsync(sql);
        }
    }

    /// <summary>Opens a connection with access to the file, or as superuser.</summary>
    public static async Task<DbConnection> OpenAsync(NexusHost host)
    {
        DbConnection connection = host.Engine == "postgres"
            ? new NpgsqlConnection(PostgresCluster.Superuser(host.ConnectionString!))
            : new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = Path.Combine(host.Folder, "nexus.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Cancelled);
        if (host.Engine == "sqlite")
        {
            await connection.ExecuteAsync("pragma busy_timeout=5000");
        }

        return connection;
    }

    private static CompactRange RangeOf(ReadOnlySpan<byte[]> leaves)
    {
        var range = new CompactRange();
        foreach (var leaf in leaves)
        {
            range.Append(leaf);
        }

        return range;
    }

    private async Task CheckAsync(List<LeafRange> nodes, byte[][] leaves)
    {
        var hashes = await Database.ReadAsync(Scope, session => new LogTree(session).GetHashesAsync(nodes), Cancelled);
        hashes.ShouldBe([.. nodes.Select(node => RangeOf(leaves.AsSpan((int)node.From, (int)(node.To - node.From))).Root())]);
    }
}
