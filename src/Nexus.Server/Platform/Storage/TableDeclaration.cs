namespace Nexus.Server.Platform.Storage;

/// <summary>
/// What the store is told of a table beyond its schema. PostgreSQL builds the table's grants and row-level security from it; SQLite has
/// neither, and keeps tenants apart by the SQL alone.
/// <para>
/// A table with a <c>tenant_id</c> shows one tenant at a time, to both roles, whether it is declared or not: so a new table cannot be
/// forgotten. What a declaration says is an exception from that. A table without <c>tenant_id</c> is for the role of
/// <see cref="Scope.CrossTenant"/> alone.
/// </para>
/// </summary>
/// <param name="Name">The table, in lower case.</param>
internal sealed record TableDeclaration(string Name)
{
    /// <summary>The room that owns the table: its namespace. SQL elsewhere does not name the table.</summary>
    public string Owner { get; init; } = "";

    /// <summary>What a scope with <see cref="Scope.CrossTenant"/> may do with the rows of all tenants.</summary>
    public CrossTenantAccess CrossTenant { get; init; }

    /// <summary>Whether every tenant may read tenant-0's rows: configuration that counts for all.</summary>
    public bool IsTenantZeroReadable { get; init; }

    /// <summary>
    /// The columns that may be changed in a table whose rows otherwise stay as they were written; null: rows may be changed and deleted.
    /// </summary>
    public IReadOnlyList<string>? MutableColumns { get; init; }

    /// <summary>How rows are purged with time; null: they stay until their tenant deletes them.</summary>
    public RowExpiry? Expiry { get; init; }
}
