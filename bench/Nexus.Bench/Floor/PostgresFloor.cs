using Dapper;
using Npgsql;

namespace Nexus.Bench.Floor;

/// <summary>PostgreSQL: a pooled connection for each request, which commits its two rows itself.</summary>
internal sealed class PostgresFloor : IFloorStore
{
    private readonly NpgsqlDataSource _source;

    private PostgresFloor(NpgsqlDataSource source) => _source = source;

    public static async Task<PostgresFloor> OpenAsync(string connectionString)
    {
        var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 32, MaxAutoPrepare = 20, AutoPrepareMinUsages = 2 });
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            CREATE TABLE IF NOT EXISTS floor_rows (id text COLLATE "C" PRIMARY KEY, text text NOT NULL, created_at bigint NOT NULL);
            CREATE TABLE IF NOT EXISTS floor_events (id text COLLATE "C" PRIMARY KEY, row_id text NOT NULL, recorded_at bigint NOT NULL);
            """);
        return new PostgresFloor(source);
    }

    public async Task<FloorRow?> ReadAsync(string id)
    {
        await using var connection = await _source.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<FloorRow>(
            "SELECT id AS \"Id\", text AS \"Text\", created_at AS \"CreatedAt\" FROM floor_rows WHERE id = @id", new { id });
    }

    public async Task WriteAsync(string id, string text)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "INSERT INTO floor_rows VALUES (@id, @text, @now)", new { id, text, now = Clock.Microseconds() }, transaction);
        await connection.ExecuteAsync(
            "INSERT INTO floor_events VALUES (@id, @row, @now)",
            new { id = Guid.CreateVersion7().ToString(), row = id, now = Clock.Microseconds() },
            transaction);
        await transaction.CommitAsync();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
