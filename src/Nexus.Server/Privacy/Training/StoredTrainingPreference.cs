using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>What somebody said about training, as it is stored.</summary>
internal sealed class StoredTrainingPreference
{
    /// <summary>Whose; <c>t_system</c> for tenant-0's.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>In which env.</summary>
    public string Env { get; init; } = "";

    /// <summary>The person; empty for the tenant's.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Whether content may not be trained on.</summary>
    public bool OptOut { get; init; }

    /// <summary>1, 2, 3 … with each change.</summary>
    public long Version { get; init; }

    /// <summary>When it was said, microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string UpdatedBy { get; init; } = "";

    /// <summary>As the contract shows it. Who speaks for tenant-0 is no tenant's business.</summary>
    public Client.TrainingPreference ToWire(Scope reader) => new()
    {
        TenantId = TenantId,
        Env = Env,
        UserId = UserId.Length == 0 ? null : UserId,
        OptOut = OptOut,
        Version = Version,
        UpdatedAt = Timestamps.FromMicros(UpdatedAt),
        UpdatedBy = TenantId == reader.TenantId ? UpdatedBy : null,
    };
}
