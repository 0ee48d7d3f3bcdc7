namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>Texts that both kinds of session use.</summary>
internal static class PostgresSql
{
    /// <inheritdoc cref="ReadSession.In" />
    public static string In(string column, string parameter) => $"{column} = any(@{parameter})";

    /// <summary>True where nobody holds the lock <c>@name</c> alone; until the transaction ends nobody can take it so.</summary>
    public const string TryLockShared = "select pg_try_advisory_xact_lock_shared(hashtextextended(@name, 0))";

    /// <summary>
    /// Sets what row-level security lets the transaction see: the tenant <c>@app_tenant</c>, and with the second role some tables of all
    /// tenants. It ends with the transaction, so a pooled connection never carries a tenant over to its next user.
    /// </summary>
    public static string SetScope(Scope scope) => scope.CrossTenant
        ? "select set_config('role', 'nexus_system', true), set_config('app.tenant', @app_tenant, true)"
        : "select set_config('app.tenant', @app_tenant, true)";
}
