using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Maybes;

/// <summary>Wires maybes.</summary>
internal static class MaybeServices
{
    public static void AddMaybes(this IServiceCollection services)
    {
        services.AddTables(typeof(MaybeServices), new TableDeclaration("maybes"));
        services.AddSingleton<MaybeStore>();
        services.AddSingleton<IPersonalData, MaybePersonalData>();
    }
}
