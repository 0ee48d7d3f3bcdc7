using Microsoft.Extensions.Options;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>The section <c>Nexus:Quotas</c>: what each tenant may use.</summary>
internal sealed class QuotaOptions
{
    /// <summary>Bytes a tenant may store in all its envs, including events.</summary>
    public long StorageBytes { get; set; } = 10_000_000_000;

    /// <summary>Requests a tenant may make per day (UTC).</summary>
    public long DailyRequests { get; set; } = 1_000_000;

    /// <summary>Different quotas for one tenant.</summary>
    public IDictionary<string, TenantQuotaOptions> Tenants { get; set; } = new Dictionary<string, TenantQuotaOptions>(
        StringComparer.Ordinal);

    /// <summary>Returns the number of bytes a tenant may store.</summary>
    public long GetStorageBytes(string tenantId) =>
        Tenants.TryGetValue(tenantId, out var own) && own.StorageBytes is { } bytes ? bytes : StorageBytes;

    /// <summary>Returns the number of requests a tenant may make per day.</summary>
    public long GetDailyRequests(string tenantId) =>
        Tenants.TryGetValue(tenantId, out var own) && own.DailyRequests is { } requests ? requests : DailyRequests;
}

/// <summary>The quotas of one tenant. Null: those of all tenants.</summary>
internal sealed class TenantQuotaOptions
{
    /// <inheritdoc cref="QuotaOptions.StorageBytes" />
    public long? StorageBytes { get; set; }

    /// <inheritdoc cref="QuotaOptions.DailyRequests" />
    public long? DailyRequests { get; set; }
}

/// <summary>Validates <see cref="QuotaOptions"/>.</summary>
internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.StorageBytes < 1)
        {
            errors.AddError($"Nexus:Quotas:StorageBytes must be 1 or more, not {options.StorageBytes}.");
        }

        if (options.DailyRequests < 1)
        {
            errors.AddError($"Nexus:Quotas:DailyRequests must be 1 or more, not {options.DailyRequests}.");
        }

        foreach (var (tenant, own) in options.Tenants)
        {
            if (!TenantId.IsValid(tenant))
            {
                errors.AddError($"Nexus:Quotas:Tenants:{tenant}: '{tenant}' is not a tenant id such as t_acme.");
            }

            if (own.StorageBytes < 1)
            {
                errors.AddError($"Nexus:Quotas:Tenants:{tenant}:StorageBytes must be 1 or more, not {own.StorageBytes}.");
            }

            if (own.DailyRequests < 1)
            {
                errors.AddError($"Nexus:Quotas:Tenants:{tenant}:DailyRequests must be 1 or more, not {own.DailyRequests}.");
            }
        }

        return errors.Build();
    }
}
