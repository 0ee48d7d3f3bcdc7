namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>The quotas of a tenant.</summary>
internal sealed class QuotaOptions
{
    /// <summary>The maximum number of stored bytes, across all envs and including events.</summary>
    public long StorageBytes { get; set; } = 10_000_000_000;

    /// <summary>The maximum number of requests per UTC day.</summary>
    public long DailyRequests { get; set; } = 1_000_000;

    /// <summary>Quotas of single tenants that differ from the default.</summary>
    public IDictionary<string, TenantQuotaOptions> Tenants { get; set; } = new Dictionary<string, TenantQuotaOptions>(StringComparer.Ordinal);

    /// <summary>Returns the number of bytes a tenant may store.</summary>
    public long GetStorageBytes(string tenantId) => Tenants.TryGetValue(tenantId, out var own) && own.StorageBytes is { } bytes ? bytes : StorageBytes;

    /// <summary>Returns the number of requests a tenant may make per day.</summary>
    public long GetDailyRequests(string tenantId) => Tenants.TryGetValue(tenantId, out var own) && own.DailyRequests is { } requests ? requests : DailyRequests;

    /// <summary>Returns all validation errors, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (StorageBytes < 1)
        {
            yield return "Nexus:Quotas:StorageBytes must be 1 or more.";
        }

        if (DailyRequests < 1)
        {
            yield return "Nexus:Quotas:DailyRequests must be 1 or more.";
        }

        foreach (var (tenant, own) in Tenants)
        {
            if (!Nexus.Server.Platform.Tenancy.TenantId.IsValid(tenant))
            {
                yield return $"Nexus:Quotas:Tenants:{tenant} names no tenant.";
            }

            if (own.StorageBytes < 1)
            {
                yield return $"Nexus:Quotas:Tenants:{tenant}:StorageBytes must be 1 or more.";
            }

            if (own.DailyRequests < 1)
            {
                yield return $"Nexus:Quotas:Tenants:{tenant}:DailyRequests must be 1 or more.";
            }
        }
    }
}

/// <summary>A tenant's own quotas. A null value means the default applies.</summary>
internal sealed class TenantQuotaOptions
{
    /// <inheritdoc cref="QuotaOptions.StorageBytes" />
    public long? StorageBytes { get; set; }

    /// <inheritdoc cref="QuotaOptions.DailyRequests" />
    public long? DailyRequests { get; set; }
}
