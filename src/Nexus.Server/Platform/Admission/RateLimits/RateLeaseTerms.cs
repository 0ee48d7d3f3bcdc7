namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>Identifies a limit.</summary>
/// <param name="TenantId">The tenant; tenant-0 for routes without a tenant.</param>
/// <param name="Env">The env, or <c>all</c>.</param>
/// <param name="Name">The name of an action or a quota.</param>
/// <param name="Caller">The user for routes without a tenant; otherwise empty.</param>
internal readonly record struct RateLeaseKey(string TenantId, string Env, string Name, string Caller = "");

/// <summary>The size of a limit and of its window.</summary>
/// <param name="Limit">The maximum number of requests per window, across all nodes.</param>
/// <param name="Length">The length of a window.</param>
/// <param name="IsDaily">Whether a window is a UTC day, which survives a restart. Otherwise it opens with its first request.</param>
internal readonly record struct RateLeaseTerms(long Limit, TimeSpan Length, bool IsDaily = false)
{
    /// <summary>
    /// The number of units a node leases at a time. Small enough that units unused on other nodes do not matter. Units leased by
    /// a node that crashes are lost until the window ends, so daily shares are smaller: otherwise twenty crashes would use up a
    /// day.
    /// </summary>
    public long Share => Math.Max(1, Limit / (IsDaily ? 200 : 20));
}

/// <summary>The result of taking or querying a unit.</summary>
/// <param name="IsAcquired">Whether a unit was available.</param>
/// <param name="Remaining">The units left afterwards, as far as this node knows.</param>
/// <param name="ResetAfter">The time until the window ends.</param>
internal readonly record struct RateLeaseResult(bool IsAcquired, long Remaining, TimeSpan ResetAfter);
