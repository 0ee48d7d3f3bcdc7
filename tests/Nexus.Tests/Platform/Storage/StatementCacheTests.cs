using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Tests.Platform.Storage;

/// <summary>Prepared commands by their text, for Dapper (rented) and for values by position (bound), on SQLite itself.</summary>
public sealed class StatementCacheTests : IDisposable
{
    private readonly SqliteConnection _connection;

    public StatementCacheTests()
    {
        SQLitePCL.Batteries_V2.Init();
        _connection = new SqliteConnection("Data Source=:memory:");
        _connection.Open();
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Returned_command_is_rented_again_without_its_values()
    {
        var cache = new StatementCache(_connection, 2);
        var first = cache.Rent("select $a");
        first.Parameters.AddWithValue("$a", "secret");
        cache.Return(first);
        var again = cache.Rent("select $a");
        again.ShouldBeSameAs(first);
        again.Parameters.Count.ShouldBe(0);
    }

    [Fact]
    public void Rented_command_is_its_callers_alone()
    {
        var cache = new StatementCache(_connection, 2);
        var (one, other) = (cache.Rent("select 1"), cache.Rent("select 1"));
        other.ShouldNotBeSameAs(one);
        cache.Return(one);
        cache.Return(other);
        cache.Count.ShouldBe(1);
        cache.Rent("select 1").ExecuteScalar().ShouldBe(1L);
    }

    [Fact]
    public void Bound_command_takes_new_values_each_time()
    {
        var cache = new StatementCache(_connection, 2);
        cache.Bind("select $0 || $1", ["a", "b"]).ExecuteScalar().ShouldBe("ab");
        cache.Bind("select $0 || $1", ["c", null]).ExecuteScalar().ShouldBe(DBNull.Value);
        cache.Count.ShouldBe(1);
    }

    [Fact]
    public void One_text_may_be_rented_and_bound()
    {
        var cache = new StatementCache(_connection, 2);
        cache.Bind("select $0", ["bound"]).ExecuteScalar().ShouldBe("bound");
        var rented = cache.Rent("select $0");
        rented.Parameters.AddWithValue("$0", "rented");
        rented.ExecuteScalar().ShouldBe("rented");
        cache.Return(rented);
        cache.Bind("select $0", ["bound again"]).ExecuteScalar().ShouldBe("bound again");
    }

    [Fact]
    public void Full_cache_starts_anew()
    {
        var cache = new StatementCache(_connection, 2);
        for (var i = 0; i < 5; i++)
        {
            cache.Bind($"select {i} + $0", [1]).ExecuteScalar().ShouldBe(i + 1L);
            cache.Return(cache.Rent($"select {i}"));
            cache.Count.ShouldBeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    public void Statement_that_is_wrong_is_not_kept()
    {
        var cache = new StatementCache(_connection, 2);
        Should.Throw<SqliteException>(() => cache.Bind("no statement", []));
        cache.Count.ShouldBe(0);
    }
}
