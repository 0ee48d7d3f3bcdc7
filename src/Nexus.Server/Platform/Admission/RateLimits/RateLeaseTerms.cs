namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>Whose allowance, and of what.</summary>
/// <param name="TenantId">The tenant; tenant-0 for routes without one.</param>
/// <param name="Env">The env, or <c>all</c>.</param>
/// <param name="Name">An action, or a quota.</param>
/// <param name="Caller">The user, for routes without a tenant.</param>
internal readonly record struct RateLeaseKey(string TenantId, string Env, string Name, string Caller = "");

/// <summary>How much, and for how long.</summary>
/// <param name="Limit">In a window, on all nodes together.</param>
/// <param name="Length">Of a window.</param>
/// <param name="IsDaily">Whether a window is a UTC day, which a restart does not begin anew; else it opens at its first request.</param>
internal readonly record struct RateLeaseTerms(long Limit, TimeSpan Length, bool IsDaily = false)
{
    /// <summary>
    /// What a node takes at once: small enough that what lies unused on others does not matter. What a killed node had taken is lost until
    /// the window ends, so of a day it takes less: twenty crashes would be a day without service.
    /// </summary>
    public long Share => Math.Max(1, Limit / (IsDaily ? 200 : 20));
}

/// <summary>Whether there was one left.</summary>
/// <param name="IsAcquired">Whether the caller may go on.</param>
/// <param name="Remaining">What is left afterwards, as far as this node knows.</param>
/// <param name="ResetAfter">When the window ends.</param>
internal readonly record struct RateLeaseResult(bool IsAcquired, long Remaining, TimeSpan ResetAfter);
