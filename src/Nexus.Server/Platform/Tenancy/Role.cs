namespace Nexus.Server.Platform.Tenancy;

/// <summary>
/// What a member of a tenant may do. The numbers are an order: a role may do everything a smaller one may,
/// so <c>role >= Role.Admin</c> reads as "admin or stronger". The default value is no role at all.
/// </summary>
internal enum Role
{
    /// <summary>No role: refused everywhere.</summary>
    None = 0,

    /// <summary>Reads knowledge, and what is their own.</summary>
    Viewer = 1,

    /// <summary>Also writes knowledge, memory and events.</summary>
    Member = 2,

    /// <summary>Also reads the audit, sets flags and switches, and manages members and keys up to admin.</summary>
    Admin = 3,

    /// <summary>Everything in the tenant, owners included.</summary>
    Owner = 4,
}

/// <summary>The one spelling of roles: lower case, on the wire, in tokens and in the store.</summary>
internal static class Roles
{
    /// <summary>Reads a role as the wire spells it. Other spellings, <c>Owner</c> included, are no role.</summary>
    public static bool TryParse(string? text, out Role role)
    {
        role = text switch
        {
            "viewer" => Role.Viewer,
            "member" => Role.Member,
            "admin" => Role.Admin,
            "owner" => Role.Owner,
            _ => Role.None,
        };
        return role != Role.None;
    }

    /// <summary>All of them as the wire spells them, the strongest first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["owner", "admin", "member", "viewer"];

    /// <summary>The role as the wire spells it.</summary>
    public static string ToWireName(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.Member => "member",
        Role.Admin => "admin",
        Role.Owner => "owner",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No role has no name."),
    };
}
