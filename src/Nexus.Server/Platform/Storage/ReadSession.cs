using System.Data.Common;
using Dapper;

namespace Nexus.Server.Platform.Storage;

/// <summary>Statements against the store within one scope. The SQL is the same text on both engines.</summary>
internal class ReadSession
{
    private readonly SessionKind _kind;

    internal ReadSession(DbConnection connection, DbTransaction? transaction, Scope scope, SessionKind kind)
    {
        Connection = connection;
        Transaction = transaction;
        Scope = scope;
        _kind = kind;
    }

    /// <summary>What is visible.</summary>
    public Scope Scope { get; }

    private protected DbConnection Connection { get; }

    private protected DbTransaction? Transaction { get; }

    private protected bool IsSqlite => _kind == SessionKind.Sqlite;

    /// <summary>All rows of a query.</summary>
    public async ValueTask<List<T>> QueryAsync<T>(string sql, object? args = null)
    {
        switch (_kind)
        {
            case SessionKind.Sqlite:
                return Connection.Query<T>(sql, args, Transaction).AsList();
            case SessionKind.PostgresTransaction:
                return (await Connection.QueryAsync<T>(WithPendingSql(sql), args, Transaction)).AsList();
            default:
                using (var results = await QueryInScopeAsync(sql, args))
                {
                    return (await results.ReadAsync<T>()).AsList();
                }
        }
    }

    /// <summary>The first row of a query, or the type's default.</summary>
    public async ValueTask<T?> FirstOrDefaultAsync<T>(string sql, object? args = null)
    {
        switch (_kind)
        {
            case SessionKind.Sqlite:
                return Connection.QueryFirstOrDefault<T>(sql, args, Transaction);
            case SessionKind.PostgresTransaction:
                return await Connection.QueryFirstOrDefaultAsync<T>(WithPendingSql(sql), args, Transaction);
            default:
                using (var results = await QueryInScopeAsync(sql, args))
                {
                    return await results.ReadFirstOrDefaultAsync<T>();
                }
        }
    }

    /// <summary>A condition that holds where a column is one of a list parameter's values.</summary>
    /// <param name="column">The column, literal SQL.</param>
    /// <param name="parameter">The parameter's name without <c>@</c>; its value is an array.</param>
    public string In(string column, string parameter) =>
        IsSqlite ? $"{column} in @{parameter}" : $"{column} = any(@{parameter})";

    /// <summary>Whether a write that is not committed yet holds the named lock, on any node; never waits.</summary>
    public async ValueTask<bool> IsLockedAsync(string name) =>
        !IsSqlite && !await FirstOrDefaultAsync<bool>("select pg_try_advisory_xact_lock_shared(hashtextextended(@name, 0))", new { name });

    private protected virtual string WithPendingSql(string sql) => sql;

    /// <summary>
    /// Sends the scope and the query as one message: one implicit transaction, so the setting ends with it
    /// and a pooled connection never carries a tenant over to its next user.
    /// </summary>
    private async Task<SqlMapper.GridReader> QueryInScopeAsync(string sql, object? args)
    {
        var parameters = new DynamicParameters(args);
        parameters.Add("app_tenant", Scope.TenantId);
        var set = Scope.CrossTenant
            ? "select set_config('role', 'nexus_system', true), set_config('app.tenant', @app_tenant, true); "
            : "select set_config('app.tenant', @app_tenant, true); ";
        var results = await Connection.QueryMultipleAsync(set + sql, parameters);
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

/// <summary>How a session reaches its engine.</summary>
internal enum SessionKind
{
    /// <summary>Synchronous calls on the caller's thread; the file is the scope's only wall besides the SQL.</summary>
    Sqlite,

    /// <summary>Outside a transaction: every statement carries its scope.</summary>
    PostgresRead,

    /// <summary>Inside a lane's transaction, which has set the scope.</summary>
    PostgresTransaction,
}
