using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>Wires lineage. The kinds it walks over are registered by the slices that own them.</summary>
internal static class LineageServices
{
    public static void AddLineage(this IServiceCollection services)
    {
        services.AddTables(typeof(LineageServices), new TableDeclaration("lineage_links"));
        services.AddSingleton<LineageWalker>();
    }
}
