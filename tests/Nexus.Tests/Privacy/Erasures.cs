using System.Text;
using System.Text.Json;
using Dapper;
using Nexus.Merkle;
using Npgsql;



namespace Nexus.Tests.Privacy;

/// <summary>Requests erasures, waits for them, and searches for what they should have erased.</summary>
internal static class Erasures
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<Reply> Erase(this Caller caller, string user, params (string Name, string? Value)[] headers) =>
        caller.Json("POST", "/privacy/erasures", JsonSerializer.Serialize(new { user_id = user }), headers);

    /// <summary>Waits until the erasure has ended.</summary>
    public static Task<JsonElement> Ended(this Caller admin, string erasure) =>
        admin.Until(erasure, found => found.GetProperty("state").GetString() is "done" or "refused");

    /// <summary>Waits until the erasure is purged from the store's files.</summary>
    public static Task<JsonElement> Purged(this Caller admin, string erasure) =>
        admin.Until(erasure, found => found.GetProperty("purged") is { ValueKind: JsonValueKind.True });

    private static async Task<JsonElement> Until(this Caller admin, string erasure, Func<JsonElement, bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(_patience);
        while (true)
        {
            var found = (await admin.Get($"/privacy/erasures/{erasure}")).Ok();
            if (isSo(found))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }

    /// <summary>Requests an erasure and waits until it is done.</summary>
    public static async Task<JsonElement> Erased(this Caller admin, string user)
    {
        var done = await admin.Ended((await admin.Erase(user)).Ok().GetProperty("erasure_id").GetString()!);
        done.GetProperty("state").GetString().ShouldBe("done", done.GetRawText());
        return done;
    }

    /// <summary>Verifies an export of the log against a new checkpoint.</summary>
    public static async Task<ExportReport> Verified(this Caller admin)
    {
        var checkpoint = Checkpoint.Parse(SignedNote.Parse((await admin.Get("/audit/checkpoint")).Body).Text);
        var export = await admin.Get("/audit/export");
        export.Status.ShouldBe(200, export.Body);
        return await ExportVerifier.VerifyAsync(new MemoryStream(Encoding.UTF8.GetBytes(export.Body)), [checkpoint], Cancelled);
    }

    /// <summary>Returns the files in a folder whose content or name contains a word, in any case.</summary>
    public static IReadOnlyList<string> Holding(string folder, string word)
    {
        var found = new List<string>();
        // The lock file is empty and locked.
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "nexus.lock"))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            if (path.Contains(word, StringComparison.OrdinalIgnoreCase)
                || Encoding.Latin1.GetString(bytes).Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(Path.GetRelativePath(folder, path));
            }
        }

        return found;
    }

    /// <summary>
    /// Returns the tables with a live or dead row that contains a word. Dead rows removed by a vacuum have no bytes any more.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Holding(NexusHost host, string word)
    {
        await using var superuser = new NpgsqlConnection(PostgresCluster.Superuser(host.ConnectionString!));
        await superuser.OpenAsync(Cancelled);
        await superuser.ExecuteAsync("create extension if not exists pageinspect");
        var found = new List<string>();
        foreach (var (table, toast) in await superuser.QueryAsync<(string, string?)>(
            """
            select c.relname, case when c.reltoastrelid = 0 then null else c.reltoastrelid::regclass::text end from pg_class c
              where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            """))
        {
            if (await superuser.ExecuteScalarAsync<bool>(
                $"select exists (select 1 from {table} t where t::text ilike @like)",
                new { like = $"%{word}%" }))
            {
                found.Add(table);
            }

            foreach (var heap in new[] { table, toast }.OfType<string>())
            {
                if (await superuser.ExecuteScalarAsync<bool>(
                    """
                    select exists (
                      select 1 from generate_series(0, pg_relation_size(@heap::regclass) / current_setting('block_size')::int - 1) page
                      cross join lateral heap_page_items(get_raw_page(@heap, page::int)) item
                      where item.t_data is not null and position(@bytes::bytea in item.t_data) > 0)
                    """,
                    new { heap, bytes = Encoding.UTF8.GetBytes(word) }))
                {
                    found.Add(heap + " (pages)");
                }
            }
        }

        // The planner's column statistics.
        found.AddRange(await superuser.QueryAsync<string>(
            """
            select tablename || '.' || attname || ' (statistics)' from pg_stats
              where most_common_vals::text ilike @like or histogram_bounds::text ilike @like or most_common_elems::text ilike @like
            """,
            new { like = $"%{word}%" }));
        return found;
    }

    /// <summary>Lets the planner sample all tables, as the server does from time to time.</summary>
    public static async Task Analyze(NexusHost host)
    {
        if (host.ConnectionString is { } connection)
        {
            await using var superuser = new NpgsqlConnection(PostgresCluster.Superuser(connection));
            await superuser.ExecuteAsync("analyze (verbose false)");
        }
    }

    /// <summary>Returns everything on the host that contains a word.</summary>
    public static async Task<IReadOnlyList<string>> LeftOf(NexusHost host, string word) =>
        [.. Holding(host.Folder, word), .. host.Engine == "postgres" ? await Holding(host, word) : []];
}
