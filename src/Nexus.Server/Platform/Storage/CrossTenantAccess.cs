namespace Nexus.Server.Platform.Storage;

/// <summary>What a scope with <see cref="Scope.CrossTenant"/> may do with rows of all tenants.</summary>
internal enum CrossTenantAccess
{
    /// <summary>Nothing: it sees its own tenant's rows, like everybody.</summary>
    None,

    /// <summary>Read them.</summary>
    Read,

    /// <summary>Read and write them.</summary>
    ReadWrite,
}
