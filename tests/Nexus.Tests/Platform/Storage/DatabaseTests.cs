using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;



namespace Nexus.Tests.Platform.Storage;

/// <summary>Writes share transactions but fail separately, and a log has no gaps.</summary>
public sealed class DatabaseTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Concurrent_writers_get_consecutive_seqs(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await Task.WhenAll(Enumerable.Range(0, 100).Select(i => member.Post($"card_type: note\n---\n{i}")))).ShouldAllBe(
            reply => reply.Status == 200);
        (await member.Events()).Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 100).Select(seq => (long)seq));
    }

    [Theory, Engines]
    public async Task List_parameter_may_precede_others(string engine)
    {
        var database = (await NexusHost.SharedAsync(engine)).Services.GetRequiredService<Database>();
        for (var length = 1; length <= 3; length++)
        {
            string[] ids = [.. Enumerable.Range(0, length).Select(i => $"t_{i}")];
            (await database.ReadAsync(
                Scope.System,
                session =>
                    session.FirstOrDefaultAsync<int>(
                        $"select 7 where {session.In("'t_0'", "ids")} and @after = 'z'",
                        new { ids, after = "z" }),
                Cancelled)).ShouldBe(7);
        }
    }

    [Theory, Engines]
    public async Task Failed_write_rolls_back_alone(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        var (database, log) = (host.Services.GetRequiredService<Database>(), host.Services.GetRequiredService<EventLog>());
        var scope = new Scope(member.Tenant, "prod");
        var failures = new ConcurrentBag<Exception>();
        await Task.WhenAll(Enumerable.Range(0, 90).Select(async i =>
        {
            try
            {
                await database.WriteAsync(scope, session => Write(session, i), Cancelled);
            }
            catch (Exception failure) when (failure is InvalidOperationException or System.Data.Common.DbException)
            {
                failures.Add(failure);
            }
        }));
        failures.Count.ShouldBe(60);
        failures.OfType<InvalidOperationException>().Count(failure => failure.Message == "on purpose").ShouldBe(30);
        var events = await member.Events();
        events.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 30).Select(seq => (long)seq));
        var ids = await database.ReadAsync(
            scope,
            session =>
                session.QueryAsync<string>(
                    "select card_id from card_embeddings where tenant_id = @TenantId order by seq",
                    new { scope.TenantId }),
            Cancelled);
        ids.ShouldBe(events.Select(recorded => recorded.Metadata.GetProperty("asset_id").GetString()));

        async ValueTask<long> Write(WriteSession session, int i)
        {
            var recorded = await log.AppendAsync(session, Context(scope), new NewEvent("tested", "test", $"e{i}"));
            await session.ExecuteAsync(
                """
                insert into card_embeddings (tenant_id, env, card_id, seq, model, vector)
                  values (@TenantId, @Env, @id, @Seq, 'm', @bytes)
                """,
                new { scope.TenantId, scope.Env, id = $"e{i}", recorded.Seq, bytes = new byte[4] });
            return (i % 3) switch
            {
                0 => recorded.Seq,
                1 => throw new InvalidOperationException("on purpose"),
                _ => await session.ExecuteAsync("insert into card_embeddings (tenant_id) values (@TenantId)", new { scope.TenantId }),
            };
        }
    }

    [Theory, Engines]
    public async Task Next_read_sees_write(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var id = await member.Card();
            (await member.Get($"/nexus/cards/{id}")).Ok();
        }));
    }

    [Theory, Engines]
    public async Task Write_cancelled_before_start_leaves_nothing(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        var (database, log) = (host.Services.GetRequiredService<Database>(), host.Services.GetRequiredService<EventLog>());
        var scope = new Scope(member.Tenant, "prod");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await database.WriteAsync(scope, session => log.AppendAsync(session, Context(scope), new NewEvent("tested")), gone.Token));
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Failed_statement_can_be_reused(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        var id = await member.Card();
        var database = host.Services.GetRequiredService<Database>();
        var scope = new Scope(member.Tenant, "prod");
        // PostgreSQL rejects U+0000 when the value is bound, SQLite finds nothing. Neither may break the connection's prepared statement.
        var sql = $"select card_id from cards where tenant_id = @TenantId and env = @Env and card_id = @id and '{member.Tenant}' <> ''";
        for (var i = 0; i < 4; i++)
        {
            await ReadsAsync("a\0b");
            await WritesAsync("a\0b");
        }

        for (var i = 0; i < 20; i++)
        {
            (await ReadsAsync(id)).ShouldBe(id);
            (await WritesAsync(id)).ShouldBe(id);
        }

        Task<string?> ReadsAsync(string id) =>
            OrNull(
                database.ReadAsync(
                    scope,
                    session => session.FirstOrDefaultAsync<string>(sql, new { scope.TenantId, scope.Env, id }),
                    Cancelled));

        Task<string?> WritesAsync(string id) =>
            OrNull(
                database.WriteAsync(
                    scope,
                    session => session.FirstOrDefaultAsync<string>(sql, new { scope.TenantId, scope.Env, id }),
                    Cancelled));

        static async Task<string?> OrNull(ValueTask<string?> asked)
        {
            try
            {
                return await asked;
            }
            catch (System.Data.Common.DbException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task SQLite_file_is_complete_without_its_journal_after_stop()
    {
        await using var host = await NexusHost.StartAsync("sqlite");
        using (var member = Caller.Create(host))
        {
            var id = await member.Card();
            (await member.Get($"/nexus/cards/{id}")).Ok();
        }

        await host.StopAsync();
        var journal = new FileInfo(Path.Combine(host.Folder, "nexus.db-wal"));
        (journal.Exists ? journal.Length : 0).ShouldBe(0);
    }

    [Fact]
    public async Task PostgreSQL_reads_recover_after_lock_timeout()
    {
        await using var host = await NexusHost.StartAsync("postgres", new Dictionary<string, string?>(StringComparer.Ordinal));
        using var member = Caller.Create(host);
        var id = await member.Card();
        (await member.Get($"/nexus/cards/{id}")).Ok();
        await using var connection = new Npgsql.NpgsqlConnection(PostgresCluster.Superuser(host.ConnectionString!));
        await connection.OpenAsync(Cancelled);
        await using (var transaction = await connection.BeginTransactionAsync(Cancelled))
        {
            await using var command = new Npgsql.NpgsqlCommand("lock table cards in access exclusive mode", connection, transaction);
            await command.ExecuteNonQueryAsync(Cancelled);
            var refusal = (await member.Get($"/nexus/cards/{id}")).Refused(503, "unavailable");
            refusal["Retry-After"].ShouldNotBeNull();
        }

        for (var i = 0; i < 10; i++)
        {
            (await member.Get($"/nexus/cards/{id}")).Ok();
        }
    }

    private static RequestContext Context(Scope scope) => new()
    {
        TenantId =
            scope.TenantId, Env =
                scope.Env, UserId =
                    "u_test", Role =
                        Role.Owner, RequestId = "r", TraceId = "t", ActorType = ActorTypes.System, Action = "test", Scope = scope,
    };
}
