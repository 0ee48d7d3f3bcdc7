using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Nexus.Bench.Floor;

/// <summary>SQLite in WAL mode with full synchronisation: readers from a pool, one writer that commits in groups.</summary>
internal sealed class SqliteFloor : IFloorStore
{
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly string _connectionString;
    private readonly SqliteGroupCommit _writer;

    private SqliteFloor(string connectionString, SqliteGroupCommit writer)
    {
        _connectionString = connectionString;
        _writer = writer;
    }

    public static SqliteFloor Open(string folder)
    {
        SQLitePCL.Batteries_V2.Init();
        Directory.CreateDirectory(folder);
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, "floor.db"),
            Pooling = false,
        }.ToString();
        var writer = new SqliteConnection(connectionString);
        writer.Open();
        writer.Execute("""
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE TABLE IF NOT EXISTS rows (id text PRIMARY KEY, text text NOT NULL, created_at bigint NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS events (id text PRIMARY KEY, row_id text NOT NULL, recorded_at bigint NOT NULL) WITHOUT ROWID;
            """);
        using (var transaction = writer.BeginTransaction())
        {
            for (var i = 0; i < FloorServer.Rows; i++)
            {
                writer.Execute(
                    "INSERT INTO rows VALUES (@id, @text, @now) ON CONFLICT DO NOTHING",
                    new { id = $"row{i}", text = CardTexts.Text(i), now = Clock.Microseconds() },
                    transaction);
            }

            transaction.Commit();
        }

        return new SqliteFloor(connectionString, new SqliteGroupCommit(writer));
    }

    public Task<FloorRow?> ReadAsync(string id)
    {
        if (!_readers.TryTake(out var connection))
        {
            connection = new SqliteConnection(_connectionString);
            connection.Open();
        }

        var row = connection.QueryFirstOrDefault<FloorRow>(
            "SELECT id AS Id, text AS Text, created_at AS CreatedAt FROM rows WHERE id = @id", new { id });
        _readers.Add(connection);
        return Task.FromResult(row);
    }

    public Task WriteAsync(string id, string text) => _writer.WriteAsync(id, text);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        foreach (var reader in _readers)
        {
            await reader.DisposeAsync();
        }
    }
}
