using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// Reads outside a transaction. Each statement travels with its scope as one message: one round trip and one implicit transaction, with
/// which the scope ends.
/// </summary>
internal sealed class PostgresReadSession(NpgsqlConnection connection, Scope scope) : ReadSession(scope)
{
    /// <inheritdoc />
    public override async ValueTask<List<T>> QueryAsync<T>(string sql, object? args = null)
    {
        using var results = await SendAsync(sql, args);
        return (await results.ReadAsync<T>()).AsList();
    }

    /// <inheritdoc />
    public override async ValueTask<T?> FirstOrDefaultAsync<T>(string sql, object? args = null)
        where T : default
    {
        using var results = await SendAsync(sql, args);
        return await results.ReadFirstOrDefaultAsync<T>();
    }

    /// <inheritdoc />
    public override string In(string column, string parameter) => PostgresSql.In(column, parameter);

    /// <inheritdoc />
    public override async ValueTask<bool> IsLockedAsync(string name) =>
        !await FirstOrDefaultAsync<bool>(PostgresSql.TryLockShared, new { name });

    private async Task<SqlMapper.GridReader> SendAsync(string sql, object? args)
    {
        var parameters = new DynamicParameters(args);
        parameters.Add("app_tenant", Scope.TenantId);
        var results = await connection.QueryMultipleAsync(PostgresSql.SetScope(Scope) + "; " + sql, parameters);
        try
        {
            await results.ReadAsync();
            return results;
        }
        catch
        {
            // Without its command it only closes; with it, it would send a cancellation that may meet the connection's next statement.
            results.Command = null!;
            results.Dispose();
            throw;
        }
    }
}
