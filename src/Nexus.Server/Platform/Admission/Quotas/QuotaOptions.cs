namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>What one tenant may use of the service.</summary>
internal sealed class QuotaOptions
{
    /// <summary>Bytes stored, of all envs, events included.</summary>
    public long StorageBytes { get; set; } = 10_000_000_000;

    /// <summary>Requests a UTC day.</summary>
    public long DailyRequests { get; set; } = 1_000_000;

    /// <summary>Other quotas for one tenant.</summary>
    public IDictionary<string, TenantQuotaOptions> Tenants { get; set; } = new Dictionary<string, TenantQuotaOptions>(StringComparer.Ordinal);

    /// <summary>The bytes a tenant may store.</summary>
    public long GetStorageBytes(string tenantId) => Tenants.TryGetValue(tenantId, out var own) && own.StorageBytes is { } bytes ? bytes : StorageBytes;

    /// <summary>The requests a tenant may make in a day.</summary>
    public long GetDailyRequests(string tenantId) => Tenants.TryGetValue(tenantId, out var own) && own.DailyRequests is { } requests ? requests : DailyRequests;

    /// <summary>Every mistake at once, each naming its key.</summary>
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

/// <summary>What a tenant may use where that is not what all may.</summary>
internal sealed class TenantQuotaOptions
{
    /// <inheritdoc cref="QuotaOptions.StorageBytes" />
    public long? StorageBytes { get; set; }

    /// <inheritdoc cref="QuotaOptions.DailyRequests" />
    public long? DailyRequests { get; set; }
}
