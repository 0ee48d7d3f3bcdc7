namespace Nexus.Flags;

/// <summary>Who decided a flag.</summary>
internal enum FlagLayer
{
    /// <summary>What is built in.</summary>
    Default,

    /// <summary>Tenant-0, for all tenants.</summary>
    TenantZero,

    /// <summary>The tenant itself.</summary>
    Tenant,
}
