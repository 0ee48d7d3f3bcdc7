namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>How often one tenant may do one thing in one env. Of several that apply, the most particular counts.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Requests in a window.</summary>
    public int Limit { get; set; } = 1000;

    /// <summary>Length of a window; it opens at its first request.</summary>
    public int WindowSeconds { get; set; } = 60;

    /// <summary>Another limit for an action.</summary>
    public IDictionary<string, int> Actions { get; set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Another limit for an action of one tenant: tenant → action → requests.</summary>
    public IDictionary<string, Dictionary<string, int>> Tenants { get; set; } = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);

    /// <summary>The limit of an action for a tenant.</summary>
    public int GetLimit(string tenantId, string action) =>
        Tenants.TryGetValue(tenantId, out var own) && own.TryGetValue(action, out var ofTenant) ? ofTenant
        : Actions.TryGetValue(action, out var ofAction) ? ofAction
        : Limit;

    /// <summary>Every mistake at once, each naming its key.</summary>
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
