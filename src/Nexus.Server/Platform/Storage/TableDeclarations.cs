namespace Nexus.Server.Platform.Storage;

/// <summary>The tables that need a declaration.</summary>
internal static class TableDeclarations
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TableDeclaration> All { get; } =
    [
        // Sign-in, token checks and administration.
        new("tenants") { CrossTenant = CrossTenantAccess.ReadWrite },
        new("memberships") { CrossTenant = CrossTenantAccess.ReadWrite },
        new("api_keys") { CrossTenant = CrossTenantAccess.ReadWrite },
        new("invitations") { CrossTenant = CrossTenantAccess.ReadWrite },

        // The log: sizes and hashes are read across tenants, since somebody must know which have grown to sign them. Triggers say what may
        // become of the mutable columns.
        new("events") { MutableColumns = ["content", "salt", "actor_id", "subject_id", "surface"] },
        new("log_tiles") { MutableColumns = ["hashes"] },
        new("log_checkpoints") { MutableColumns = [], CrossTenant = CrossTenantAccess.Read },
        new("log_heads") { CrossTenant = CrossTenantAccess.Read },

        // Which erasures are to be done.
        new("erasures") { CrossTenant = CrossTenantAccess.Read },

        // Configuration of tenant-0 that counts for every tenant.
        new("kill_switches") { IsTenantZeroReadable = true },
        new("training_preferences") { IsTenantZeroReadable = true },
        new("flags") { IsTenantZeroReadable = true },
        new("flag_versions") { IsTenantZeroReadable = true },

        // What is owed for a time.
        new("kept_answers") { Expiry = new RowExpiry("created_at", TimeSpan.FromDays(1)) },
        new("allowances") { Expiry = new RowExpiry("ends_at", TimeSpan.FromDays(1)) },
        new("raw_uploads") { Expiry = new RowExpiry("expires_at", TimeSpan.Zero) },
    ];
}
