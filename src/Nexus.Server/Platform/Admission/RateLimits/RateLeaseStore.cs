using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>The leases that nodes share, one row each. Windows are based on the store's clock, which is the same for all nodes.</summary>
internal sealed class RateLeaseStore(Database database)
{
    /// <summary>Whether the row's window is over. A window that ends much too late was created with a wrong clock.</summary>
    private const string IsOverSql = "allowances.ends_at <= excluded.leased_at or allowances.ends_at > excluded.ends_at + 60000000";

    /// <summary>Leases a share, or what is left of one. Opens a new window if the previous one is over.</summary>
    public async ValueTask<LeasedShare> LeaseAsync(RateLeaseKey key, RateLeaseTerms terms) =>
        (await database.ExecuteInOwnTransactionAsync<LeasedShare>(
        GetScope(key),
        $"""
        insert into allowances (tenant_id, env, name, caller, opened_at, ends_at, leased_at, granted, taken)
        select @TenantId, @Env, @Name, @Caller, n.now - n.now % @align, n.now - n.now % @align + @length, n.now, @share, @share
        from (select {database.NowMicrosSql} as now) n where true
        on conflict (tenant_id, env, name, caller) do update set
          opened_at = case when {IsOverSql} then excluded.opened_at else allowances.opened_at end,
          ends_at = case when {IsOverSql} then excluded.ends_at else allowances.ends_at end,
          leased_at = excluded.leased_at,
          granted = case when {IsOverSql} or allowances.taken + @share <= @Limit then @share when allowances.taken < @Limit
            then @Limit - allowances.taken else 0 end,
          taken = case when {IsOverSql} then @share when allowances.taken + @share <= @Limit then allowances.taken + @share
            when allowances.taken < @Limit then @Limit else allowances.taken end
        returning opened_at as OpenedAt, granted as Granted, taken as Taken, ends_at - leased_at as Remaining
        """,
        new
        {
            key.TenantId, key.Env, key.Name, key.Caller, share = terms.Share, terms.Limit, length = ToMicros(
            terms.Length), align = terms.IsDaily
            ? ToMicros(terms.Length)
            : 1L
        },
        CancellationToken.None))!;

    /// <summary>Returns the current window; null if none is open.</summary>
    public ValueTask<LeasedShare?> FindAsync(RateLeaseKey key, CancellationToken cancellationToken) => database.ReadAsync(
        GetScope(key),
        session => session.FirstOrDefaultAsync<LeasedShare>(
            $"""
            select opened_at as OpenedAt, taken as Taken, ends_at - {database.NowMicrosSql} as Remaining from allowances
            where tenant_id = @TenantId and env = @Env and name = @Name and caller = @Caller and ends_at > {database.NowMicrosSql}
            """,
            new { key.TenantId, key.Env, key.Name, key.Caller }),
        cancellationToken);

    /// <summary>Returns units that a node leased for a window and did not use.</summary>
    public async ValueTask ReturnUnusedAsync(RateLeaseKey key, long openedAt, long unused, CancellationToken cancellationToken) =>
        await database.ExecuteInOwnTransactionAsync<long>(
        GetScope(key),
        """
        update allowances set taken = taken - @unused
        where tenant_id = @TenantId and env = @Env and name = @Name and caller = @Caller and opened_at = @openedAt and taken >= @unused
        returning taken
        """,
        new { key.TenantId, key.Env, key.Name, key.Caller, openedAt, unused },
        cancellationToken);

    /// <summary>Deletes the rows of all tenants whose windows ended more than a day ago.</summary>
    public async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken) => await database.ExecuteInOwnTransactionAsync<long>(
        Scope.System,
        $"delete from allowances where ends_at < {database.NowMicrosSql} - 86400000000 returning ends_at",
        new { },
        cancellationToken);

    private static Scope GetScope(RateLeaseKey key) => new(key.TenantId, key.Env);

    private static long ToMicros(TimeSpan length) => length.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>A leased share.</summary>
internal sealed class LeasedShare
{
    /// <summary>The start of the window by the store's clock, which identifies it.</summary>
    public long OpenedAt { get; init; }

    /// <summary>The number of units granted; 0 if none were left.</summary>
    public long Granted { get; init; }

    /// <summary>The number of units taken by all nodes.</summary>
    public long Taken { get; init; }

    /// <summary>The time until the window ends, in microseconds.</summary>
    public long Remaining { get; init; }
}
