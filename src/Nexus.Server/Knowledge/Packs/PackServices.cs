using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>Wires influence packs.</summary>
internal static class PackServices
{
    public static void AddPacks(this IServiceCollection services)
    {
        services.AddTables(typeof(PackServices), new TableDeclaration("packs"));
        services.AddSingleton<PackStore>();
        services.AddSingleton(PackLineage.Kind);
        services.AddSingleton<IPersonalData, PackPersonalData>();
    }
}
