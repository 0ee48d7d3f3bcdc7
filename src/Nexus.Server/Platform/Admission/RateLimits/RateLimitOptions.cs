using Microsoft.Extensions.Options;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>The section <c>Nexus:RateLimits</c>: requests allowed per tenant, env and action. The most specific limit applies.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Requests allowed in a window.</summary>
    public int Limit { get; set; } = 1000;

    /// <summary>Length of a window, which opens at its first request.</summary>
    public int WindowSeconds { get; set; } = 60;

    /// <summary>A different limit for an action.</summary>
    public IDictionary<string, int> Actions { get; set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>A different limit for an action of one tenant: tenant → action → requests.</summary>
    public IDictionary<string, Dictionary<string, int>> Tenants { get; set; } = new Dictionary<string, Dictionary<string, int>>(
        StringComparer.Ordinal);

    /// <summary>Returns the limit of an action for a tenant.</summary>
    public int GetLimit(string tenantId, string action) =>
        Tenants.TryGetValue(tenantId, out var own) && own.TryGetValue(action, out var ofTenant) ? ofTenant
        : Actions.TryGetValue(action, out var ofAction) ? ofAction
        : Limit;
}

/// <summary>Validates <see cref="RateLimitOptions"/>.</summary>
internal sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Limit < 1)
        {
            errors.AddError($"Nexus:RateLimits:Limit must be 1 or more, not {options.Limit}.");
        }

        if (options.WindowSeconds is < 1 or > 86_400)
        {
            errors.AddError($"Nexus:RateLimits:WindowSeconds must be 1 to 86400, not {options.WindowSeconds}.");
        }

        foreach (var (action, limit) in options.Actions.Where(own => own.Value < 1))
        {
            errors.AddError($"Nexus:RateLimits:Actions:{action} must be 1 or more, not {limit}.");
        }

        foreach (var (tenant, actions) in options.Tenants)
        {
            if (!TenantId.IsValid(tenant))
            {
                errors.AddError($"Nexus:RateLimits:Tenants:{tenant}: '{tenant}' is not a tenant id such as t_acme.");
            }

            foreach (var (action, limit) in actions.Where(own => own.Value < 1))
            {
                errors.AddError($"Nexus:RateLimits:Tenants:{tenant}:{action} must be 1 or more, not {limit}.");
            }
        }

        return errors.Build();
    }
}
