using System.Data.Common;
using Dapper;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>What raw SQL may do to the log: on PostgreSQL as superuser, on SQLite with access to the file.</summary>
public sealed class AppendOnlyTests
{
    private const string Tile = "where tenant_id = @TenantId";

    [Theory, Engines]
    public async Task Tiles_cannot_be_changed_or_deleted(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 600);
        var before = await log.TilesAsync();
        await using var connection = await WrittenLog.OpenAsync(host);
        var columns = "tenant_id, env, level, n, hashes";
        string[] statements =
        [
            $"update log_tiles set hashes = @other {Tile} and level = 0 and n = 0",
            $"update log_tiles set hashes = @hash {Tile} and level = 1",
            $"update log_tiles set hashes = @other {Tile} and level = 1",
            $"update log_tiles set n = n + 7 {Tile} and level = 0",
            $"update log_tiles set level = level + 1 {Tile} and level = 0",
            $"delete from log_tiles {Tile}",
            engine == "sqlite"
                ? $"insert or replace into log_tiles ({columns}) select {columns} from log_tiles {Tile}"
                : "truncate log_tiles",
            engine == "sqlite"
                ? $"replace into log_tiles ({columns}) select {columns} from log_tiles {Tile}"
                :
                    $"""
                    insert into log_tiles ({columns}) select {columns} from log_tiles {Tile}
                      on conflict (tenant_id, env, level, n) do update set hashes = @other
                    """,
        ];
        await RefusedAsync(connection, statements, new { log.Scope.TenantId, other = new byte[8192], hash = new byte[32] });
        await Should.ThrowAsync<DbException>(
            async () =>
                await connection.ExecuteAsync(
                    "insert into log_tiles (tenant_id, env, level, n, hashes) values (@TenantId, 'prod', 0, 9, @hash)",
                    new { log.Scope.TenantId, hash = new byte[32] }));
        (await log.TilesAsync()).ShouldBe(before);
        await log.CheckAsync(600, 256);
    }

    [Theory, Engines]
    public async Task Events_cannot_be_replaced_even_where_delete_triggers_do_not_fire(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 3);
        var before = await log.EntriesAsync();
        await using var connection = await WrittenLog.OpenAsync(host);
        const string All =
            "env, event_id, recorded_at, event_type, action, asset_type, asset_id, trace_id, actor_id, subject_id, surface, leaf, content, "
            + "salt";
        string[] statements = engine == "sqlite"
            ?
            [
                $"insert or replace into events (tenant_id, seq, entry, {All}) select tenant_id, seq, '{{}}', {All} from events {Tile}",
                $"update or replace events set seq = 1 {Tile} and seq = 2",
            ]
            :
            [
                $"insert into events (tenant_id, seq, entry, {All}) select tenant_id, seq, '{{}}', {All} from events {Tile} on conflict (tenant_id, env, seq) do update set entry = excluded.entry",
                $"merge into events e using (select * from events {Tile}) o on e.tenant_id = o.tenant_id and e.seq = o.seq when matched then delete",
                "truncate events cascade",
            ];
        await RefusedAsync(connection, statements, new { log.Scope.TenantId });
        (await log.EntriesAsync()).ShouldBe(before);
        if (engine == "sqlite")
        {
            // An existing event id at another seq must not replace anything.
            await connection.ExecuteAsync(
                $"insert or replace into events (tenant_id, seq, entry, {All}) select tenant_id, seq + 3, '{{}}', {All} from events {Tile}",
                new { log.Scope.TenantId });
            (await log.EntriesAsync()).Take(before.Length).ShouldBe(before);
        }
    }

    private static async Task RefusedAsync(DbConnection connection, string[] statements, object args)
    {
        foreach (var statement in statements)
        {
            var failure = await Should.ThrowAsync<DbException>(async () => await connection.ExecuteAsync(statement, args), statement);
            failure.Message.ShouldContain("append-only", Case.Insensitive, statement);
        }
    }
}
