using Npgsql;

namespace Nexus.Tests.Platform.Hosting;

/// <summary>The cluster used by the tests meets the requirements the service has for a real one.</summary>
public sealed class PostgresClusterTests
{
    [Theory]
    [InlineData("fsync", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("full_page_writes", "on")]
    public async Task Cluster_runs_with_durable_settings(string setting, string value)
    {
        var cluster = await PostgresCluster.SharedAsync();
        await using var connection = new NpgsqlConnection(await cluster.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"SHOW {setting}", connection);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(value);
    }

    [Fact]
    public async Task Database_user_cannot_bypass_row_level_security()
    {
        var cluster = await PostgresCluster.SharedAsync();
        await using var connection = new NpgsqlConnection(await cluster.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
            connection);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(false);
    }
}
