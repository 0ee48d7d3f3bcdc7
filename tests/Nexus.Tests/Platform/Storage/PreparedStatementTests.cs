using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Tests.Platform.Storage;

/// <summary>The writer's prepared statements, on SQLite.</summary>
public sealed class PreparedStatementTests
{
    private const string Insert = "insert into kept (text, number, truth, bytes, id) values ($2, $3, $4, $5, $1)";

    [Fact]
    public void Values_of_every_type_round_trip_in_any_parameter_order()
    {
        using var connection = Open();
        var long_ = new string('é', 100_000);
        connection.ExecutePreparedMany(
            Insert,
            [[1, "a\0b", long.MaxValue, true, new byte[] { 0, 1 }],
            [
                2, null, null, false, null,
            ], [3, long_, -1, true, Array.Empty<byte>()], [4, "", 0, false, null]]);
        Row(connection, 1).ShouldBe(["a\0b", long.MaxValue, 1L, new byte[] { 0, 1 }]);
        Row(connection, 2).ShouldBe([DBNull.Value, DBNull.Value, 0L, DBNull.Value]);
        Row(connection, 3).ShouldBe([long_, -1L, 1L, Array.Empty<byte>()]);
        Row(connection, 4).ShouldBe(["", 0L, 0L, DBNull.Value]);
    }

    [Fact]
    public void Failed_statement_can_run_again_with_cleared_bindings()
    {
        using var connection = Open();
        connection.ExecutePreparedMany(Insert, [[1, "one", 1, true, null]]);
        Should.Throw<SqliteException>(() => connection.ExecutePreparedMany(Insert, [[1, "again", 1, true, null]])).SqliteErrorCode.ShouldBe(
            SQLitePCL.raw.SQLITE_CONSTRAINT);
        Should.Throw<ArgumentException>(() => connection.ExecutePreparedMany(Insert, [[2, "one value too few", 1, true]]));
        Should.Throw<ArgumentException>(() => connection.ExecutePreparedMany(Insert, [[2, DateTime.UnixEpoch, 1, true, null]]));
        Should.Throw<SqliteException>(() => connection.ExecutePrepared("no statement"));
        connection.ExecutePreparedMany(Insert, [[2, null, null, false, null]]);
        Row(connection, 1)[0].ShouldBe("one");
        Row(connection, 2)[0].ShouldBe(DBNull.Value);
    }

    [Fact]
    public void Statement_survives_schema_change()
    {
        using var connection = Open();
        connection.ExecutePreparedMany(Insert, [[1, "one", 1, true, null]]);
        connection.ExecutePrepared("alter table kept add column more text default 'more'");
        connection.ExecutePreparedMany(Insert, [[2, "two", 1, true, null]]);
        Row(connection, 2)[0].ShouldBe("two");
    }

    private static PreparedConnection Open()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new PreparedConnection("Data Source=:memory:");
        connection.Open();
        connection.ExecutePrepared("create table kept (id integer primary key, text text, number integer, truth integer, bytes blob)");
        return connection;
    }

    private static object[] Row(PreparedConnection connection, int id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select text, number, truth, bytes from kept where id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        reader.Read().ShouldBeTrue();
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        return values;
    }
}
