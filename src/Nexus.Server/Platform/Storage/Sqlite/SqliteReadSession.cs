using Dapper;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>Reads on the caller's thread. Only the SQL keeps tenants apart: every statement names its own.</summary>
internal sealed class SqliteReadSession(SqliteConnection connection, Scope scope) : ReadSession(scope)
{
    /// <inheritdoc />
    public override ValueTask<List<T>> QueryAsync<T>(string sql, object? args = null) => new(connection.Query<T>(sql, args).AsList());

    /// <inheritdoc />
    public override ValueTask<T?> FirstOrDefaultAsync<T>(string sql, object? args = null)
        where T : default => new(connection.QueryFirstOrDefault<T>(sql, args));

    /// <inheritdoc />
    public override string In(string column, string parameter) => InList(column, parameter);

    /// <summary>Never: the writes that could hold a lock are those of this process, one at a time.</summary>
    public override ValueTask<bool> IsLockedAsync(string name) => new(false);

    /// <inheritdoc cref="ReadSession.In" />
    internal static string InList(string column, string parameter) => $"{column} in @{parameter}";
}
