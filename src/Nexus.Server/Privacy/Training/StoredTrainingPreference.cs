using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>A stored training preference.</summary>
internal sealed class StoredTrainingPreference
{
    /// <summary>The tenant; <c>t_system</c> for tenant-0.</summary>
    public string TenantId { get; init; } = "";

    public string Env { get; init; } = "";

    /// <summary>The person; empty for the tenant's preference.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Whether training on the content is forbidden.</summary>
    public bool OptOut { get; init; }

    /// <summary>Starts at 1 and increases with each change.</summary>
    public long Version { get; init; }

    /// <summary>When it was set, in Unix microseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public string UpdatedBy { get; init; } = "";

    /// <summary>Converts the row to its wire form. Who set tenant-0's preference is not shown to other tenants.</summary>
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
