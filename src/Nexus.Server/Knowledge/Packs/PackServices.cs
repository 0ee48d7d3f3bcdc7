using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>Wires influence packs.</summary>
internal static class PackServices
{
    public static void AddPacks(this IServiceCollection services)
    {
        services.AddSingleton<PackStore>();
        services.AddSingleton(PackLineage.Kind);
        services.AddSingleton<IPersonalData, PackPersonalData>();
    }
}
