using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Nexus.Tests.Privacy;

/// <summary>
/// A reader can prevent the purge of erased data: the erasure reports it, delays no writer, and completes once the reader ends.
/// </summary>
public sealed class ErasurePurgeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_SQLite_reader_delays_purge()
    {
        await using var host = await NexusHost.StartAsync("sqlite");
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        await person.Card("card_type: note\n---\nSays tourmaline.");
        await admin.Card($"card_type: note\n---\n{new string('x', 900_000)}");
        await using var reader = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(host.Folder, "nexus.db"),
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ConnectionString);
        await reader.OpenAsync(Cancelled);
        string erasure;
        await using (var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, Cancelled))
        {
            (await reader.ExecuteScalarAsync<long>(
                "select count(*) from cards where full_text like '%tourmaline%'",
                transaction: reading)).ShouldBe(
                1);
            var journal = Path.Combine(host.Folder, "nexus.db-wal");
            var before = new FileInfo(journal).Length;
            erasure = (await admin.Erase(person.User)).Ok().GetProperty("erasure_id").GetString()!;
            var held = await admin.Ended(erasure);
            held.GetProperty("state").GetString().ShouldBe("done");
            held.GetProperty("purged").GetBoolean().ShouldBeFalse();
            (await admin.Find("tourmaline")).ShouldBeEmpty();
            (await admin.Verified()).Faults.ShouldBeEmpty();
            Erasures.Holding(host.Folder, "tourmaline").ShouldNotBeEmpty();

            // The file is rewritten once, regardless of the number of attempts, so the journal does not grow by a copy for each.
            new FileInfo(journal).Length.ShouldBeLessThan(3 * before);
        }

        await reader.CloseAsync();
        (await admin.Purged(erasure)).GetProperty("state").GetString().ShouldBe("done");
        Erasures.Holding(host.Folder, "tourmaline").ShouldBeEmpty();
        (await admin.EventTypes()).Count(type => type == "erasure_purged").ShouldBe(1);
        (await admin.Verified()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_PostgreSQL_transaction_delays_purge_but_later_rows_do_not()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        await person.Card("card_type: note\n---\nSays tourmaline.");
        await using var superuser = new NpgsqlConnection(PostgresCluster.Superuser(host.ConnectionString!));
        await superuser.OpenAsync(Cancelled);
        string erasure;
        await using (var reading = await superuser.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancelled))
        {
            (await superuser.ExecuteScalarAsync<long>(
                "select count(*) from cards where full_text like '%tourmaline%'",
                transaction: reading)).ShouldBe(
                1);
            erasure = (await admin.Erase(person.User)).Ok().GetProperty("erasure_id").GetString()!;
            (await admin.Ended(erasure)).GetProperty("purged").GetBoolean().ShouldBeFalse();
        }

        await superuser.CloseAsync();
        NpgsqlConnection.ClearPool(superuser);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var busy = BusyAsync(host.ConnectionString!, stop.Token);
        await admin.Purged(erasure);
        await stop.CancelAsync();
        await busy;
        (await Erasures.LeftOf(host, "tourmaline")).ShouldBeEmpty();
    }

    /// <summary>Continuously creates dead rows in a table for the vacuum.</summary>
    private static async Task BusyAsync(string connectionString, CancellationToken stopped)
    {
        await using var service = new NpgsqlConnection(connectionString);
        await service.OpenAsync(CancellationToken.None);
        await service.ExecuteAsync("set role nexus_app; select set_config('app.tenant', 't_busy', false)");
        while (!stopped.IsCancellationRequested)
        {
            await service.ExecuteAsync(
                """
                insert into memory_sessions values ('t_busy', 'prod', 's', 'u', 0, 0, 0, 0, 0)
                  on conflict (tenant_id, env, session_id) do update set turns = memory_sessions.turns + 1;
                  select pg_stat_force_next_flush()
                """);
        }
    }
}
