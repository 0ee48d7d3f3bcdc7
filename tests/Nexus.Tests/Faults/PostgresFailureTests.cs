using System.Collections.Concurrent;
using Dapper;
using Nexus.Testing.Crash;
using Npgsql;

namespace Nexus.Tests.Faults;

/// <summary>PostgreSQL fails in the middle of a transaction. Writes not acknowledged get 503; acknowledged ones exist.</summary>
public sealed class PostgresFailureTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_lost_mid_transaction_rolls_back()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        using var member = Caller.Create(host);
        await member.Card();
        var state = await member.State();
        await using var superuser = await SuperuserAsync(host.ConnectionString!);
        await using (var transaction = await superuser.BeginTransactionAsync(Cancelled))
        {
            // The write has its seq and waits for the lock on the cards table.
            await superuser.ExecuteAsync("lock table cards in access exclusive mode", transaction: transaction);
            var writing = member.Post();
            while (await superuser.ExecuteScalarAsync<int>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
                transaction: transaction) == 0)
            {
                await Task.Delay(10, Cancelled);
            }

            await superuser.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
                transaction: transaction);
            (await writing).Refused(503, "unavailable")["Retry-After"].ShouldBe("1");
        }

        (await member.State()).ShouldBe(state);
        (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => member.Post()))).ShouldAllBe(reply => reply.Status == 200);
        (await member.Events()).Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 6).Select(seq => (long)seq));
        (await LogTree.CheckAsync(superuser)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_only_server_returns_503_until_writable_again()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var connectionString = await cluster.CreateDatabaseAsync(Cancelled);
        await using var host = await NexusHost.StartAsync(
            "postgres",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Database:ConnectionString"] = connectionString });
        using var member = Caller.Create(host);
        await using var superuser = await SuperuserAsync(connectionString);
        await superuser.ExecuteAsync("set default_transaction_read_only = off");
        await SetReadOnlyAndWaitAsync("on", 503);
        var state = await member.State();
        for (var i = 0; i < 3; i++)
        {
            (await member.Post()).Refused(503, "unavailable")["Retry-After"].ShouldBe("1");
        }

        (await member.State()).ShouldBe(state);
        await SetReadOnlyAndWaitAsync("off", 200);
        (await LogTree.CheckAsync(superuser)).ShouldBeEmpty();

        // Every connection sees the setting before its next statement.
        async Task SetReadOnlyAndWaitAsync(string setting, int answer)
        {
            await superuser.ExecuteAsync($"alter system set default_transaction_read_only = {setting}");
            await superuser.ExecuteAsync("select pg_reload_conf()");
            while ((await member.Post()).Status != answer)
            {
                await Task.Delay(10, Cancelled);
            }
        }
    }

    [Fact]
    public async Task Acknowledged_writes_survive_server_crash()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await ShouldLoseNothingAsync(cluster, async writing =>
        {
            await writing;
            await cluster.CrashAsync();
        });
    }

    [Fact]
    public async Task Acknowledged_writes_survive_failed_flush()
    {
        // PostgreSQL panics and recovers, as it should. In each of its processes flushes fail from the 150th on, which a start
        // does not reach.
        var folder = Directory.CreateTempSubdirectory("nexus-trace-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        await using (var cluster = await PostgresCluster.StartAsync(
            under: Strace.Args(Path.Combine(folder, "postgres"), "fdatasync", "fdatasync:error=EIO:when=150+")))
        {
            await ShouldLoseNothingAsync(cluster, writing => writing, crashes: false);
        }

        (await File.ReadAllTextAsync(Path.Combine(folder, "postgres"), Cancelled)).ShouldContain("(INJECTED)");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Writes concurrently until a write is refused, and again once writes are accepted.</summary>
    private static async Task ShouldLoseNothingAsync(PostgresCluster cluster, Func<Task, Task> fail, bool crashes = true)
    {
        var connectionString = await cluster.CreateDatabaseAsync(Cancelled);
        await using var host = await NexusHost.StartAsync(
            "postgres",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Database:ConnectionString"] = connectionString });
        using var member = Caller.Create(host, "owner");
        using var client = host.Client(member.Tenant, member.User, "owner");
        var ledger = new CrashLedger(client);
        var refusals = new ConcurrentBag<Reply>();
        var (number, enough) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var writers = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (true)
            {
                var text = $"card_type: crash\n---\nnumber {Interlocked.Increment(ref number)}\n";
                var reply = await member.Post(text);
                if (reply.Status != 200)
                {
                    refusals.Add(reply);
                    return;
                }

                ledger.Acknowledge(reply.Body, text);
                if (ledger.Acknowledged.Count == 50)
                {
                    enough.TrySetResult();
                }
            }
        }).ToArray();
        await fail(enough.Task);
        await Task.WhenAll(writers);
        refusals.Count.ShouldBe(8);
        foreach (var refusal in refusals)
        {
            refusal.Refused(503, "unavailable")["Retry-After"].ShouldBe("1");
        }

        if (crashes)
        {
            (await member.Post()).Refused(503, "unavailable");
            (await member.Get("/nexus/cards")).Refused(503, "unavailable");
            await cluster.StartAgainAsync();
        }

        // Until PostgreSQL is back and no old connection is left, the caller retries, as told by the 503.
        while ((await member.Post()).Status == 503 || (await member.Get("/audit/events")).Status == 503)
        {
            await Task.Delay(50, Cancelled);
        }

        ledger.Acknowledged.Count.ShouldBeGreaterThanOrEqualTo(50);
        (await ledger.CheckAsync(host.Address, everything: true, Cancelled)).ShouldBeEmpty();
        await using var superuser = await SuperuserAsync(connectionString);
        (await LogTree.CheckAsync(superuser)).ShouldBeEmpty();
    }

    private static async Task<NpgsqlConnection> SuperuserAsync(string connectionString)
    {
        var superuser = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(PostgresCluster.Superuser(connectionString)) { Pooling = false }.ConnectionString);
        await superuser.OpenAsync(Cancelled);
        return superuser;
    }
}
