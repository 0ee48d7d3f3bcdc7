namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>Limits the requests of a tenant per env and action. The most specific limit applies.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>The maximum number of requests per window.</summary>
    public int Limit { get; set; } = 1000;

    /// <summary>The length of a window in seconds. A window opens with its first request.</summary>
    public int WindowSeconds { get; set; } = 60;

    /// <summary>Limits of single actions.</summary>
    public IDictionary<string, int> Actions { get; set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Limits of single actions for single tenants: tenant → action → requests.</summary>
    public IDictionary<string, Dictionary<string, int>> Tenants { get; set; } = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);

    /// <summary>Returns the limit of an action for a tenant.</summary>
    public int GetLimit(string tenantId, string action) =>
        Tenants.TryGetValue(tenantId, out var own) && own.TryGetValue(action, out var ofTenant) ? ofTenant
        : Actions.TryGetValue(action, out var ofAction) ? ofAction
        : Limit;

    /// <summary>Returns all validation errors, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (Limit < 1)
        {
            yield return "Nexus:RateLimits:Limit must be 1 or more.";
        }

        if (WindowSeconds is < 1 or > 86_400)
        {
            yield return "Nexus:RateLimits:WindowSeconds must be 1 to 86400.";
        }

        foreach (var (action, _) in Actions.Where(own => own.Value < 1))
        {
            yield return $"Nexus:RateLimits:Actions:{action} must be 1 or more.";
        }

        foreach (var (tenant, actions) in Tenants)
        {
            if (!Nexus.Server.Platform.Tenancy.TenantId.IsValid(tenant))
            {
                yield return $"Nexus:RateLimits:Tenants:{tenant} names no tenant.";
            }

            foreach (var (action, _) in actions.Where(own => own.Value < 1))
            {
                yield return $"Nexus:RateLimits:Tenants:{tenant}:{action} must be 1 or more.";
            }
        }
    }
}
