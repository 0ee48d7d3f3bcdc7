using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Agents.Maybes;

/// <summary>Wires maybes.</summary>
internal static class MaybeServices
{
    public static void AddMaybes(this IServiceCollection services)
    {
        services.AddSingleton<MaybeStore>();
        services.AddSingleton<IPersonalData, MaybePersonalData>();
    }
}
