using System.Data.Common;

using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Nexus.Tests.Faults;

/// <summary>An action that cannot be recorded does not happen, and its caller is told.</summary>
public sealed class AuditFailureTests
{
    private const string Sqlite = "create trigger no_room before insert on events begin select raise(abort, 'no room'); end";
    private const string Postgres =
        """
        create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$;
        create trigger no_room before insert on events for each row execute function no_room()
        """;

    [Theory, Engines]
    public async Task Audit_failure_is_not_silent(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var owner = Caller.Create(host, "owner");
        var card = await owner.Card();
        var item = (await owner.Json("POST", "/maybes/items", """{"space":"s","title":"t","body":"b"}""")).Ok()
            .GetProperty("id")
            .GetString();
        (await owner.Json("POST", "/nexus/memory/session/s/turn", """{"role":"user","content":"hello"}""")).Ok();
        (string Method, string Path, string? Body)[] requests =
        [
            ("POST", "/nexus/cards", Caller.Note),
            ("PUT", $"/nexus/cards/{card}", "card_type: note\n---\nanother"),
            ("POST", "/maybes/items", """{"space":"s","title":"t","body":"b"}"""),
            ("PATCH", $"/maybes/items/{item}", """{"title":"another"}"""),
            ("POST", "/nexus/memory/session/s/turn", """{"role":"user","content":"again"}"""),
            ("POST", "/nexus/influence-pack", """{"query":{"query_text":"body"}}"""),
            ("PUT", "/kill-switches", """{"disabled_actions":["search"]}"""),
            ("POST", "/nexus/raw/presign-upload", """{"filename":"a.txt"}"""),
            ("POST", "/events", """{"surface":"test","input":{"a":1}}"""),

            // Reads that the contract requires to be recorded.
            ("POST", "/nexus/search", """{"query_text":"body"}"""),
            ("GET", "/nexus/settings/apps", null),
            ("GET", "/nexus/memory/session/s", null),
            ("GET", "/audit/events", null),

            ("DELETE", $"/maybes/items/{item}", null),
            ("DELETE", "/nexus/memory/session/s", null),
            ("DELETE", $"/nexus/cards/{card}", null),
        ];
        var (state, events) = (await owner.State(), (await owner.Events()).Count);
        await ChangeAsync(host, engine == "postgres" ? Postgres : Sqlite);
        var wrong = new List<string>();
        foreach (var (method, path, body) in requests)
        {
            foreach (var key in new[] { null, "k" })
            {
                var reply = await Ask(owner, method, path, body, key);
                if (reply.ToString() != "503 unavailable" || reply["Retry-After"] is null)
                {
                    wrong.Add($"{method} {path} is answered {reply}");
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await owner.State()).ShouldBe(state);
        (await owner.Get($"/nexus/cards/{card}")).Ok().GetProperty("full_text").GetString().ShouldBe(Caller.Note);
        (await owner.Get($"/maybes/items/{item}")).Ok().GetProperty("title").GetString().ShouldBe("t");
        (await owner.Get("/kill-switches")).Body.ShouldBe("null");

        // Once there is room, the same requests with the same keys succeed, once each and without a gap.
        await ChangeAsync(host, engine == "postgres" ? "drop function no_room() cascade" : "drop trigger no_room");
        foreach (var (method, path, body) in requests.Where(request => request.Path != "/kill-switches"))
        {
            (await Ask(owner, method, path, body, "k")).Status.ShouldBeOneOf(200, 204);
        }

        var after = await owner.Events();
        after.Count.ShouldBe(events + requests.Length - 1);
        after.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, after.Count).Select(seq => (long)seq));
    }

    private static Task<Reply> Ask(Caller caller, string method, string path, string? body, string? key)
    {
        (string, string?)[] headers =
        [
            ("Idempotency-Key", key),
            ("If-Match", method == "PUT" && path.StartsWith("/nexus/cards", StringComparison.Ordinal) ? "*" : null),
        ];
        return body is null ? caller.Send(method, path, null, headers)
            : body[0] == '{' ? caller.Json(method, path, body, headers)
            : caller.Text(method, path, body, headers);
    }

    /// <summary>Changes the store directly.</summary>
    private static async Task ChangeAsync(NexusHost host, string sql)
    {
        await using DbConnection connection = host.ConnectionString is { } connectionString
            ? new NpgsqlConnection(PostgresCluster.Superuser(connectionString))
            : new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = Path.Combine(host.Folder, "nexus.db"),
                    Mode = SqliteOpenMode.ReadWrite,
                    Pooling = false,
                }.ConnectionString);
        await connection.ExecuteAsync(sql);
    }
}
