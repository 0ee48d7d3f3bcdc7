namespace Nexus.Tests.Architecture;

/// <summary>
/// The rooms of the code, floor by floor, from the ground up. A room is a namespace with those below it, and uses rooms of lower floors
/// only: none above it, and none beside it. docs/architecture.md draws this list.
/// </summary>
internal static class Floors
{
    /// <summary>The one place where the order is written down.</summary>
    public static IReadOnlyList<string[]> FromTheGround { get; } =
    [
        // Leaf libraries: one purpose each, with a use outside the server.
        ["Nexus.Merkle", "Nexus.Redaction", "Nexus.Flags"],
        ["Nexus.Client"],

        // What every part of the server stands on.
        ["Nexus.Server.Platform.Storage"],
        ["Nexus.Server.Platform.Http"],
        ["Nexus.Server.Platform.Tenancy"],
        ["Nexus.Server.Platform.PersonalData", "Nexus.Server.Platform.Paging"],

        // The log and its one way in. What adds to an append declares an IAppendStep from above.
        ["Nexus.Server.Platform.Idempotency", "Nexus.Server.Audit.Events"],

        // Who calls.
        ["Nexus.Server.Identity.Accounts"],
        ["Nexus.Server.Identity.Tokens"],
        ["Nexus.Server.Identity.Members"],
        ["Nexus.Server.Identity.Tenants", "Nexus.Server.Identity.ApiKeys"],
        ["Nexus.Server.Identity.SignIn"],
        ["Nexus.Server.Identity.Setup"],
        ["Nexus.Server.Identity"],

        // What stands between the wire and a route.
        ["Nexus.Server.Platform.Admission"],

        // Slices: a record with its rules, its routes and its SQL.
        ["Nexus.Server.Audit.Runs", "Nexus.Server.Audit.Transparency", "Nexus.Server.Knowledge.Lineage"],
        ["Nexus.Server.Audit.Ingest", "Nexus.Server.Audit.Queries", "Nexus.Server.FeatureFlags", "Nexus.Server.Agents.Maybes", "Nexus.Server.Agents.Memory"],
        ["Nexus.Server.Knowledge.RawAssets", "Nexus.Server.Knowledge.Cards"],
        ["Nexus.Server.Knowledge.Atoms", "Nexus.Server.Knowledge.Search", "Nexus.Server.Knowledge.Settings"],
        ["Nexus.Server.Knowledge.Packs"],
        ["Nexus.Server.Privacy.SubjectAccess"],
        ["Nexus.Server.Privacy.Training", "Nexus.Server.Privacy.Erasure"],

        // What wires a wing, the service, and the command line.
        ["Nexus.Server.Audit", "Nexus.Server.Knowledge", "Nexus.Server.Privacy"],
        ["Nexus.Server.Platform.Hosting"],
        ["Nexus.Server"],
        ["Nexus.Cli"],
    ];

    /// <summary>The room of a namespace, the innermost first; null where it is none of ours.</summary>
    public static string? FindRoom(string namespaceName) => FromTheGround
        .SelectMany(floor => floor)
        .Where(room => namespaceName == room || namespaceName.StartsWith(room + ".", StringComparison.Ordinal))
        .MaxBy(room => room.Length);

    /// <summary>The floor of a room, 0 on the ground.</summary>
    public static int GetLevel(string room) => FromTheGround.TakeWhile(floor => !floor.Contains(room)).Count();
}
